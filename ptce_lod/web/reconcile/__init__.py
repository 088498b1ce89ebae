"""``/reconcile``: names and identifiers of other tables find our things.

Sources: Reconciliation Service API 0.2 and 1.0 draft (https://reconciliation-api.github.io/specs/). docs/reference/reconciliation.md has
what is offered; ``query.reconciliation`` does the matching.
"""

from __future__ import annotations

from ptce_lod.web.reconcile import extend, service, suggest
from ptce_lod.web.reconcile.shared import blueprint

__all__ = ["blueprint", "extend", "service", "suggest"]
