import { replicateLDES } from "ldes-client";
const [url] = process.argv.slice(2);
const client = replicateLDES({ url, polling: false, materialize: false, lastVersionOnly: false }, "ascending");
client.on("error", (error) => { console.error(String(error)); process.exit(1); });
for await (const member of client.stream({ highWaterMark: 10 })) {
  const term = (t) => [t.termType, t.value, t.language ?? "", t.datatype?.value ?? ""];
  const quads = member.quads.map((q) => [q.subject, q.predicate, q.object, q.graph].map(term));
  console.log(JSON.stringify({ id: member.id.value, type: member.type, timestamp: member.timestamp, isVersionOf: member.isVersionOf, quads }));
}
