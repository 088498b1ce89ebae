"""Measurements. Never part of the tests: ``make bench`` prints tables, README.md says how to read them."""
