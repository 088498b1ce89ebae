"""Writes: SPARQL Update and the Graph Store Protocol, on releases (validated, logged, reversible) and on a scratch dataset."""
