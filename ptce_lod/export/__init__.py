"""The whole site as files, and an nginx configuration under which they are negotiated as the server does."""
