"""The W3C's SPARQL suites over HTTP, against a running server process."""
