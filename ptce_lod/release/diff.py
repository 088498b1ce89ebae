"""Compare two releases quad by quad, streaming over their sorted dumps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ptce_lod.release.layout import ReleaseLayout
from ptce_lod.release.quads import read_lines
from ptce_lod.terms import QuadLine


class Change(NamedTuple):
    """One quad that is in only one of two releases; ``added`` when it is in the second."""

    added: bool
    line: QuadLine


def diff(first: ReleaseLayout, second: ReleaseLayout) -> Iterator[Change]:
    """Yield what must be removed from and added to ``first`` to get ``second``, in the order of the lines."""
    return diff_lines(read_lines(first.dumps / "all.nq"), read_lines(second.dumps / "all.nq"))


def diff_lines(first: Iterator[QuadLine], second: Iterator[QuadLine]) -> Iterator[Change]:
    """Yield the changes between two sorted sequences without repetitions."""
    old, new = next(first, None), next(second, None)
    while old is not None or new is not None:
        if new is None or (old is not None and old < new):
            assert old is not None  # noqa: S101 - not both are None here
            yield Change(False, old)
            old = next(first, None)
        elif old is None or new < old:
            yield Change(True, new)
            new = next(second, None)
        else:
            old, new = next(first, None), next(second, None)
