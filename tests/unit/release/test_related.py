"""Related poles against plain sets: everybody who is named has something in common, in a fixed order."""

from __future__ import annotations

import json

from ptce_lod.query.embedded import EmbeddedBackend
from ptce_lod.release.layout import VarLayout
from ptce_lod.settings import Settings


def test_related_poles_have_in_common_what_is_said(published: Settings, backend: EmbeddedBackend) -> None:
    found = json.loads(VarLayout(published.var_dir).published().related.read_text(encoding="utf-8"))
    _total, poles = backend.things("poles", limit=10_000)
    assert set(found) <= {pole.iri for pole in poles}
    assert len(found) > 50
    members: dict[str, set[str]] = {}
    sectors: dict[str, set[str]] = {pole.iri: set(pole.detail.get("sectors", ())) for pole in poles}
    regions = {pole.iri: pole.detail.get("region") for pole in poles}
    for pole in poles:
        description = backend.describe(pole.iri)
        assert description is not None
        for node in description.subjects("http://www.w3.org/ns/org#organization", pole.iri):
            for member in description.objects(node, "http://www.w3.org/ns/org#member"):
                members.setdefault(pole.iri, set()).add(member.value)
    for pole, others in found.items():
        assert 0 < len(others) <= 8
        assert pole not in {other for other, *_ in others}
        for other, place, shared in others:
            both = (members.get(pole, set()) & members.get(other, set())) | (sectors[pole] & sectors[other])
            assert set(shared) == both
            assert place in ("department", "region", "")
            if place == "region":
                assert both
            if place and regions[pole] and regions[other]:
                assert place == "department" or regions[pole] == regions[other] or len(both) > 0
    answered = backend.related(next(iter(found)))
    assert [list(each[:2]) for each in answered] == [each[:2] for each in next(iter(found.values()))]
    assert backend.related("http://example.org/none") == []
