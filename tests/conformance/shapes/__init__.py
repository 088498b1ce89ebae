"""Conformance of the shapes: examples, annotations, SHACL itself."""
