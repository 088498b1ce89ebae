"""Carry out all suites against any SPARQL service, and print how many tests pass.

    python -m tests.conformance.sparql.compare --query URL --update URL [--store URL] [--failures]

Everything in the service's dataset is deleted.
"""

from __future__ import annotations

import argparse

from tests.conformance.sparql.client import Client, Endpoints
from tests.conformance.sparql.manifests import MANIFESTS
from tests.conformance.sparql.suites import outcomes


def main() -> None:
    parser = argparse.ArgumentParser(description="Carry out the W3C's SPARQL suites; deletes the dataset.")
    parser.add_argument("--query", required=True, help="address of the query operation")
    parser.add_argument("--update", required=True, help="address of the update operation")
    parser.add_argument(
        "--store", default="", help="address of the graph store (default: data are loaded by updates)"
    )
    parser.add_argument("--failures", action="store_true", help="print the failed tests, too")
    arguments = parser.parse_args()
    failed: list[str] = []
    print("| Suite | passed | of |\n|---|--:|--:|")
    with Client(Endpoints(arguments.query, arguments.update, arguments.store)) as client:
        for suite in MANIFESTS:
            found = outcomes(suite, client)
            failed += [f"{iri}: {message.splitlines()[0][:200]}" for iri, message in found.items() if message]
            print(
                f"| {suite} | {sum(not message for message in found.values())} | {len(found)} |", flush=True
            )
    if arguments.failures:
        print("", *failed, sep="\n")


if __name__ == "__main__":
    main()
