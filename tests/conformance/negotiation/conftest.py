from __future__ import annotations

from tests.integration.conftest import server

__all__ = ["server"]
