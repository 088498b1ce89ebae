"""The description of every route of the server: OpenAPI 3.1, made of the routing table and of what is declared here for each endpoint."""
