"""Judge a data graph: SHACL shapes and integrity, with a typed validation report."""
