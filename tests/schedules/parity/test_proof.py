"""The proof of a release: what is asked, what is left out, and that nothing is published when one channel differs."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from publish.shelf import View
from publish.status import status
from release import layout
from release.content import Candidate
from release.manifest import Manifest, Part, ProductEntry
from release.pointer import Pointer
from release.reader import Release
from release.schema import Freshness
from release.table import to_day
from schedules.errors import ProofFailed
from schedules.parity import asking, comparison, prove
from schedules.parity.served import Served
from schedules.publication import Publication
from tests.etl.deliveries import noon
from tests.schedules.parity.worlds import ATTEST, DAY, KEY, POLICY, SITE, WHOLE, another_text, changed, seal, small, with_column

NEXT = DAY + timedelta(days=1)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return seal(tmp_path_factory.mktemp("release"), small(), successor=True)


@pytest.fixture
def tampering(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, bytes, bytes], None]:
    """Have the application answer with other bytes for addresses that hold a text."""

    def tamper(address: str, before: bytes, after: bytes) -> None:
        original = Served.get

        def get(served: Served, path: str, parameters: dict[str, str] | None = None) -> httpx.Response:
            answer = original(served, path, parameters)
            if address not in str(answer.request.url):
                return answer
            return httpx.Response(200, content=answer.content.replace(before, after, 1), headers={"Link": answer.headers.get("Link", "")})

        monkeypatch.setattr(Served, "get", get)

    return tamper


def publication(root: Path) -> Publication:
    return Publication(root, lambda: noon(DAY), SITE.public_url, "test")


def test_every_channel_of_every_product_is_in_the_proof(release: Release) -> None:
    proof = prove(release, SITE)
    assert proof.problems == ()
    assert list(proof.parity) == [DAY, NEXT]
    for product in release.schema.products:
        parity = proof.parity[DAY][product.id]
        assert parity.equal
        assert set(parity.names) == {channel.name for channel in comparison.channels() if channel.offers(release.schema, product)}
        entry = release.edition(DAY).products[product.id]
        assert (parity.parts[Part.ALL].rows, parity.parts[Part.LOCATED].rows) == (entry.public, entry.located)
    assert "RegisterHerstelvorderingen_Adressen" in proof.parity[DAY][WHOLE].parts


def test_processes_of_their_own_give_the_same_proof(release: Release) -> None:
    assert prove(release, SITE, workers=2) == prove(release, SITE)


def test_what_holds_tomorrow_unchanged_is_read_once(release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[comparison.Question] = []
    original = comparison.digests
    monkeypatch.setattr(comparison, "digests", lambda places, question: asked.append(question) or original(places, question))
    proof = prove(release, SITE)
    assert {question.day for question in asked} == {DAY}
    assert proof.parity[NEXT] == proof.parity[DAY]


def test_what_differs_tomorrow_is_read_again(tmp_path: Path) -> None:
    before = small()
    table = with_column(before.tables["POI:POI"], "_until", lambda _: to_day(DAY))
    release = seal(tmp_path, replace(before, tables=before.tables | {"POI:POI": table}), successor=True)
    proof = prove(release, SITE)
    assert proof.problems == ()
    today, tomorrow = (proof.parity[day][ATTEST].parts[Part.ALL] for day in (DAY, NEXT))
    assert today.rows == tomorrow.rows + 1
    assert proof.parity[NEXT][POLICY] == proof.parity[DAY][POLICY]


@pytest.mark.parametrize("rows", [0, 1])
def test_a_product_with_few_rows_or_none_is_proven_too(tmp_path: Path, rows: int) -> None:
    proof = prove(seal(tmp_path, small(rows)), SITE)
    assert proof.problems == ()
    assert proof.parity[DAY][WHOLE].parts[Part.ALL].rows == rows


def test_a_withdrawn_product_is_left_out_and_the_others_are_proven(tmp_path: Path) -> None:
    content = small()
    freshness = tuple(Freshness(dataset=one.dataset, peildatum=DAY, withdrawn=one.dataset == "besluiten") for one in content.freshness)
    proof = prove(seal(tmp_path, replace(content, freshness=freshness)), SITE)
    assert proof.problems == ()
    assert set(proof.parity[DAY]) == {ATTEST, POLICY}  # POI holds what was withdrawn


def test_a_text_that_a_shapefile_cannot_hold_is_compared_as_far_as_it_can(tmp_path: Path) -> None:
    long = changed(small(), lambda table: with_column(table, "NAAM", lambda _: "é" * 150), ("POI:POI",))
    proof = prove(seal(tmp_path, long), SITE)
    assert proof.problems == ()
    parity = proof.parity[DAY]["POI"]
    (shapefile,) = (channel for channel in parity.channels if channel.name == "download Shapefile")
    assert shapefile.part == "all, texts of 254 bytes"
    assert shapefile.sha256 != parity.parts[Part.ALL].sha256


def test_a_part_of_a_product_is_told_apart_in_the_answer_that_holds_both(
    release: Release, tampering: Callable[[str, bytes, bytes], None]
) -> None:
    tampering("version=1.1.0", b"<POI:PRODUCT>Conformiteitsattest", b"<POI:PRODUCT>Conformiteitsattesx")
    problems = prove(release, SITE).problems
    assert any(f"{DAY} {ATTEST}: WFS 1.1.0 GML 3.1 gives 5 rows for 6 (all): 1 are lacking or changed" in problem for problem in problems)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Release:
    root = tmp_path_factory.mktemp("published")
    return publication(root).publish(Candidate(seal(root, small()).folder), KEY)


@pytest.fixture
def copy(published: Release, tmp_path: Path) -> Release:
    """A copy of what is published, beside its pointer, that a test may change."""
    shutil.copytree(published.folder.parent, tmp_path / "releases")
    return Release.open(tmp_path / "releases" / published.folder.name)


def test_a_channel_that_differs_keeps_the_release_from_being_published(
    copy: Release, tampering: Callable[[str, bytes, bytes], None]
) -> None:
    tampering("f=csv", b"Kerkstraat", b"Kerkstraad")
    root, after = copy.folder.parent, seal(copy.folder.parent, changed(small(), another_text, ("POI:POI",)))
    with pytest.raises(ProofFailed, match=r"OGC API CSV gives \d+ rows for \d+ \(all\): 1 are lacking or changed, 1 are not sealed"):
        publication(root).publish(Candidate(after.folder), KEY)
    assert Pointer(root).folder() == copy.folder
    assert not after.folder.exists()


def test_the_proof_stands_in_the_signed_manifest(published: Release) -> None:
    manifest = published.edition(DAY)
    manifest.verify()
    assert all(entry.parity is not None and entry.parity.equal for entry in manifest.products.values())


def test_the_same_candidate_is_the_same_release_again(copy: Release) -> None:
    root = copy.folder.parent
    again = publication(root).publish(Candidate(seal(root, small()).folder), KEY)
    assert again.folder == copy.folder
    assert [path.name for path in root.iterdir() if path.is_dir()] == [copy.folder.name]


def test_a_manifest_that_states_another_proof_is_found(copy: Release) -> None:
    path, manifest = layout.edition_folder(copy.folder, DAY) / layout.MANIFEST, copy.edition(DAY)
    parity = manifest.products[ATTEST].parity
    assert parity is not None
    parts = parity.parts | {Part.ALL: parity.parts[Part.ALL].model_copy(update={"sha256": "0" * 64})}
    entry = manifest.products[ATTEST].model_copy(update={"parity": parity.model_copy(update={"parts": parts})})
    path.write_text(manifest.model_copy(update={"products": manifest.products | {ATTEST: entry}}).signed(KEY).model_dump_json(indent=1))
    assert f"{DAY} {ATTEST}: the manifest states another proof than its rows give" in publication(copy.folder.parent).verify()


def test_a_manifest_from_before_there_was_a_proof_keeps_its_signature_and_opens(release: Release) -> None:
    entry = ProductEntry(content_id="1", since=DAY, public=1, located=1)
    manifest = Manifest(content_id="2", day=DAY, transformation="3", software="4", products={"POI": entry}).signed(KEY)
    assert "parity" not in manifest.model_dump_json()
    Manifest.model_validate_json(manifest.model_dump_json()).verify()
    assert ATTEST not in status(View(release, DAY, 0)).parity


def test_the_status_tells_which_channels_are_equal(published: Release) -> None:
    shown = status(View(published, DAY, 0)).parity[ATTEST]
    assert (shown.equal, shown.sha256) == (True, published.edition(DAY).products[ATTEST].parity.parts[Part.ALL].sha256)  # type: ignore[union-attr]
    assert shown.channels == tuple(channel.name for channel in comparison.channels())


def test_the_page_of_the_status_tells_it_in_dutch_and_english(published: Release) -> None:
    with asking.opened(published, SITE, [DAY]) as places:
        served = places[DAY].served
        number = len(comparison.channels())
        dutch, english = (served.get("/status", {"lang": language}).text for language in ("nl", "en"))
        document = served.get("/status", {"f": "json"}).json()
    words = " ".join(dutch.split())
    assert f"{ATTEST}: alle kanalen gelijk: ja ({number} kanalen)" in words
    assert f"{ATTEST} (en): all channels equal: yes ({number} channels)" in " ".join(english.split())
    assert "download GeoPackage" in words
    assert document["products"][ATTEST]["public"] == 6
    assert document["parity"][ATTEST]["equal"] is True
