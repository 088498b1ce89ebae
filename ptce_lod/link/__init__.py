"""Pages of wikis and rows of tables meet our things: candidates, decisions of people."""
