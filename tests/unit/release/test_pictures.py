"""Pictures of poles: of the size that is announced, the same from the same facts, taken over where nothing changed, whatever the name."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pyoxigraph as ox
import pytest
from PIL import Image

from ptce_lod.iris import AddressSpace
from ptce_lod.release import pictures
from ptce_lod.release.layout import VarLayout
from ptce_lod.release.pictures import DEFAULT, HEIGHT, WIDTH, Facts, draw, write_pictures
from ptce_lod.settings import Settings
from ptce_lod.web.app import create_app

NAMES = ("Pôle", "É" * 300, "mot " * 200, "日本語 العربية", "a\x00b", "", "<script>", "x\n\ny")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("spot", [None, (5.05, 45.04), (55.5, -21.1), (170.0, -10.0)])
def test_every_name_and_place_is_drawn(name: str, spot: tuple[float, float] | None) -> None:
    drawn = draw(Facts(name, ("Lieu", "Région") if spot else (), spot))
    with Image.open(io.BytesIO(drawn)) as image:
        assert (image.format, image.size) == ("PNG", (WIDTH, HEIGHT))
    assert len(drawn) < 100_000
    assert draw(Facts(name, ("Lieu", "Région") if spot else (), spot)) == drawn


def test_pictures_tell_poles_apart() -> None:
    assert draw(Facts("Un")) != draw(Facts("Deux"))
    assert draw(Facts("Un", (), (2.3, 48.8))) != draw(Facts("Un", (), (5.4, 43.3)))


def test_what_has_not_changed_is_taken_over(
    published: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = VarLayout(published.var_dir).published()
    store = ox.Store.read_only(str(layout.store))
    monkeypatch.setattr(pictures, "draw", lambda facts: pytest.fail(f"{facts.name} is drawn again"))
    write_pictures(tmp_path / "again.zip", store, AddressSpace(published.base_iri), layout.pictures)
    assert (tmp_path / "again.zip").read_bytes() == layout.pictures.read_bytes()


def test_a_damaged_earlier_file_only_costs_time(published: Settings, tmp_path: Path) -> None:
    layout = VarLayout(published.var_dir).published()
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04 nonsense")
    store = ox.Store.read_only(str(layout.store))
    write_pictures(tmp_path / "new.zip", store, AddressSpace(published.base_iri), tmp_path / "broken.zip")
    assert (tmp_path / "new.zip").read_bytes() == layout.pictures.read_bytes()


def test_each_pole_has_one_and_pages_name_it(published: Settings) -> None:
    client = create_app(published).test_client()
    with zipfile.ZipFile(VarLayout(published.var_dir).published().pictures) as archive:
        names = set(archive.namelist())
    assert DEFAULT in names
    assert len(names) == 1 + client.get("/statistics.json").get_json()["things"]["pole"]
    response = client.get("/picture/pole/tetris.png")
    assert (response.status_code, response.mimetype) == (200, "image/png")
    again = client.get("/picture/pole/tetris.png", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304
    base = published.base_iri
    page = client.get("/doc/pole/tetris", headers={"Accept": "text/html"}).text
    assert f'<meta property="og:image" content="{base}picture/pole/tetris.png">' in page
    page = client.get("/doc/actor/labo-ess", headers={"Accept": "text/html"}).text
    assert f'content="{base}picture/default.png"' in page
    for path in ("/picture/pole/none.png", "/picture/../manifest.json"):
        assert client.get(path).status_code == 404
