"""The things of a release as tables, for those who do not speak RDF."""
