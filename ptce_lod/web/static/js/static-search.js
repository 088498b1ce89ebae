// Search of an exported site: every word must begin a word of what a thing is found by. The index is loaded when there is something to find.
(() => {
  const status = document.getElementById("search-status");
  const list = document.getElementById("search-results");
  const asked = new URLSearchParams(location.search).get("q")?.trim();
  if (!status || !asked) return;
  const box = document.querySelector("input[name=q]");
  if (box) box.value = asked;
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("œ", "oe").replaceAll("æ", "ae");
  fetch(status.dataset.index).then((response) => {
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return response.json();
  }).then((things) => {
    const words = fold(asked).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
    const found = things.filter(([, , , key]) => words.every((word) => ` ${key.replace(/[^\p{L}\p{N}]+/gu, " ")}`.includes(` ${word}`)));
    status.textContent = found.length ? status.dataset.found.replace("{n}", found.length) : status.dataset.none;
    list.replaceChildren(...found.slice(0, 200).map(([path, french, english, , , place]) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = path;
      link.textContent = status.dataset.language === "en" ? english : french;
      item.append(link);
      if (place) item.append(` ${place}`);
      return item;
    }));
  }).catch((error) => { status.textContent = String(error); });
})();
