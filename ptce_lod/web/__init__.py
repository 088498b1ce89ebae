"""HTTP: content negotiation, documents, pages, SPARQL protocol. The only room that knows status codes."""
