"""What measurements over HTTP share: servers started on this machine, their data, a client, and words of the pages."""
