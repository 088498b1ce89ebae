"""A real MediaWiki on loopback, and servers that answer badly."""
