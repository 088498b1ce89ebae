"""Linked open data publisher for French *pôles territoriaux de coopération économique*.

Rooms and their direction of dependency: ``web → query → release → (ingest, validate) → serialize → namespaces``.
``docs/explanation/architecture.md`` draws the picture; ``tests/unit/test_architecture.py`` holds the imports to it.
"""

__version__ = "0.1.0"
