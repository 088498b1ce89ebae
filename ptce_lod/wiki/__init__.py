"""Wikis: pull pages from a MediaWiki or a dump, read what their wikitext says, write it as a source."""
