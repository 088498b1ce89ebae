"""Walls around a query worker: memory, file size, and no new sockets or programs.

The first wall against outgoing requests is ``scan.py``; this is the second, so that one bug opens nothing. Seccomp exists on Linux only;
elsewhere the worker runs with the walls there are. Sources: setrlimit(2), prctl(2), seccomp(2), ``linux/audit.h``, ``linux/filter.h``.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import resource
import signal
import struct
import sys
from pathlib import Path
from typing import Final

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_NO_NEW_PRIVS: Final = 38
_PR_SET_SECCOMP: Final = 22
_SECCOMP_MODE_FILTER: Final = 2
_RETURN_ALLOW: Final = 0x7FFF0000
_RETURN_EACCES: Final = 0x00050000 | 13
_LOAD_WORD, _JUMP_EQUAL, _JUMP_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
#: Machine → (audit architecture, numbers of socket, connect, execve, execveat, io_uring_setup).
_MACHINES: Final = {
    "x86_64": (0xC000003E, (41, 42, 59, 322, 425)),
    "aarch64": (0xC00000B7, (198, 203, 221, 281, 425)),
}


def limit_memory(more_bytes: int) -> bool:
    """Cap the address space at what is in use now plus ``more_bytes``; 0 sets no cap. Return whether there is one."""
    if not more_bytes or sys.platform != "linux":
        return False
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + more_bytes
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    return True


def limit_file_size(size_bytes: int) -> None:
    """Make a write beyond ``size_bytes`` fail with EFBIG instead of filling the disk."""
    with contextlib.suppress(AttributeError, ValueError):
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, size_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def forbid_network() -> bool:
    """Refuse new sockets and new programs to this process for good; return whether the system could.

    Open sockets keep working. Call before any other thread starts.
    """
    machine = _MACHINES.get(platform.machine())
    if sys.platform != "linux" or machine is None:
        return False
    program = _filter(*machine)
    buffer = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return False
    return not libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.create_string_buffer(header), 0, 0)


def die_with(parent: int) -> bool:
    """Have the system kill this process when ``parent``, its parent of one thread, ends; return whether the system can."""
    if sys.platform != "linux":
        return False
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it ended before we asked
        os._exit(1)
    return True


def _filter(architecture: int, refused: tuple[int, ...]) -> bytes:
    """Return a BPF program that refuses system calls by number, and every call made for another architecture."""

    def instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
        return struct.pack("HBBI", code, if_true, if_false, value)

    # The x32 calls of x86_64 have bit 30 set: nothing here uses them.
    checks = [instruction(_JUMP_AT_LEAST, 0x40000000, len(refused) + 1)]
    checks += [instruction(_JUMP_EQUAL, number, len(refused) - place) for place, number in enumerate(refused)]
    return b"".join(
        [
            instruction(_LOAD_WORD, 4),
            instruction(_JUMP_EQUAL, architecture, 1),
            instruction(_RETURN, _RETURN_EACCES),
            instruction(_LOAD_WORD, 0),
            *checks,
            instruction(_RETURN, _RETURN_ALLOW),
            instruction(_RETURN, _RETURN_EACCES),
        ]
    )
