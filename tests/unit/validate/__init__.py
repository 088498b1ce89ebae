"""Unit tests of the room that validates."""
