"""Tests of the published data."""
