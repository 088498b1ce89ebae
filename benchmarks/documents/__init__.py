"""Documents of things, over HTTP beside other servers (``python -m benchmarks.documents``) and in process. See README.md."""
