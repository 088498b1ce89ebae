"""Send finished answers piece by piece."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from werkzeug.wsgi import FileWrapper


def stream(body: IO[bytes]) -> Iterator[bytes]:
    """Yield the bytes of ``body`` in pieces; the caller closes it."""
    return iter(FileWrapper(body, 65_536))
