"""Answer questions about one release: descriptions in process, public SPARQL in killable workers."""
