"""The catalogue of a release as DCAT 3."""
