"""The program that carries out one write on the published dataset, in a process of its own: the server goes on answering meanwhile."""

from __future__ import annotations

import socket

from ptce_lod.edit import transport
from ptce_lod.edit.published import write
from ptce_lod.errors import BackendUnavailable, PtceError
from ptce_lod.query.confinement import forbid_network
from ptce_lod.query.messages import receive, send
from ptce_lod.release.publish_log import now
from ptce_lod.settings import Settings


def main(descriptor: int) -> None:
    """Read settings and one write from the socket ``descriptor``; answer with its outcome or error."""
    connection = socket.socket(fileno=descriptor)
    settings = Settings.from_values(receive(connection))
    values = receive(connection)
    forbid_network()
    request, author, dry_run = transport.request_from_values(values)
    try:
        if_release = tuple(values["if_release"])
        outcome = write(settings, request, author=author, at=now(), dry_run=dry_run, if_release=if_release)
        send(connection, transport.outcome_to_values(outcome))
    except PtceError as error:
        send(connection, transport.error_to_values(error))
    except MemoryError:
        full = BackendUnavailable("the write needed more memory than there is; nothing was changed")
        send(connection, transport.error_to_values(full))
