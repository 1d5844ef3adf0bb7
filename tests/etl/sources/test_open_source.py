"""The setting and the definition pick the source."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl.delivery import Source
from etl.errors import SourceError
from etl.sources import Access, Credentials, Spool, open_source
from etl.sources.folder import FolderSource
from etl.sources.http import HttpSource
from etl.sources.services import ServiceSource
from etl.sources.vector import VectorSource
from simulator import keys
from tests.etl.sources.definitions import definition


@pytest.fixture(scope="module")
def access(tmp_path_factory: pytest.TempPathFactory) -> Access:
    folder = tmp_path_factory.mktemp("access")
    credentials = Credentials.read("vlok", keys.make(folder).private, "https://login.example/token")
    return Access(Spool(folder / "spool", b"k" * 32), credentials)


@pytest.mark.parametrize(
    ("setting", "kind"),
    [
        ("folder:../shared/data/deliveries", FolderSource),
        ("http:http://127.0.0.1:9000", HttpSource),
        ("http:https://registers.example/api", HttpSource),
        ("http://127.0.0.1:9000", HttpSource),
        ("https://registers.example/api", HttpSource),
    ],
)
def test_the_setting_picks_the_source_of_deliveries(access: Access, setting: str, kind: type[Source]) -> None:
    assert isinstance(open_source(definition(), setting, access), kind)


@pytest.mark.parametrize(
    "setting", [None, "", "folder:", "http:", "http:http://registers.example", "ftp://x", "deliveries", "http:file:///x"]
)
def test_a_setting_that_cannot_be_read_is_refused(access: Access, setting: str | None) -> None:
    with pytest.raises(SourceError):
        open_source(definition(), setting, access)


def test_http_needs_credentials(access: Access) -> None:
    with pytest.raises(SourceError, match="VLOK_CLIENT_ID"):
        open_source(definition(), "https://registers.example", Access(access.spool))


@pytest.mark.parametrize(("kind", "source"), [("vector", VectorSource), ("wfs", ServiceSource), ("ogcapi", ServiceSource)])
def test_a_definition_with_a_source_of_its_own_does_not_follow_the_setting(access: Access, kind: str, source: type[Source]) -> None:
    assert isinstance(open_source(definition(source={"kind": kind}), None, access, folder=Path()), source)
