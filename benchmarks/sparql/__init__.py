"""SPARQL over HTTP beside other endpoints, in the same run: ``python -m benchmarks.sparql``. README.md says how to read it."""
