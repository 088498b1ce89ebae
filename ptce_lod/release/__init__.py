"""Write, publish, compare and verify immutable releases."""
