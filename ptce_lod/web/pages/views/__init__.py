"""Views: what a page about one kind of thing shows, as typed data for its template."""
