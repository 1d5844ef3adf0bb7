"""What definitions may not have in common: one name stands for one thing."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner

from cli import main
from etl.definitions import DIRECTORY, load_all
from etl.errors import BadDefinition

COPIED = DIRECTORY / "besluiten.toml"
PRODUCT = "VlaamseInventarisOngeschikteOnbewoonbareWoningen"


def copy(folder: Path, *changes: tuple[str, str], new_uuid: bool = True) -> Path:
    """The definition of the decisions as one of its own in the same feature type, with changes."""
    text = COPIED.read_text("utf-8")
    if new_uuid:
        text = re.sub('uuid = "[^"]*"', f'uuid = "{uuid4()}"', text, count=1)
    for old, new in (('id = "besluiten"', 'id = "leegstand"'), (PRODUCT, "Leegstand"), *changes):
        assert old in text, old
        text = text.replace(old, new)
    path = folder / "leegstand.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_copy_with_names_of_its_own_is_one_more_dataset(tmp_path: Path) -> None:
    copy(tmp_path)
    assert [definition.id for definition in load_all((DIRECTORY, tmp_path))].count("leegstand") == 1


def test_a_folder_that_is_named_twice_is_read_once() -> None:
    assert load_all((DIRECTORY, DIRECTORY)) == load_all()


def test_one_uuid_for_two_records_is_refused_with_both_files_and_how_to_get_a_new_one(tmp_path: Path) -> None:
    path = copy(tmp_path, new_uuid=False)
    with pytest.raises(BadDefinition, match=r"uuid 4a01d70a-[-0-9a-f]* is in ") as caught:
        load_all((DIRECTORY, tmp_path))
    assert str(COPIED) in str(caught.value)
    assert str(path) in str(caught.value)
    assert "uuid.uuid4()" in str(caught.value)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        (('id = "Leegstand"', f'id = "{PRODUCT}"'), f"product {PRODUCT} is in"),
        (('id = "Leegstand"', 'id = "poi"'), "product poi is in"),
        (('product = "POI"', 'product = "Alles"'), "uuid .* is in"),
        (('name = "POI"', 'name = "Punten"'), "uuid .* is in"),
        (('namespace = "https://geo.api.vlaanderen.be/POI"', 'namespace = "https://example.org/POI"'), "uuid .* is in"),
    ],
)
def test_one_name_for_two_things_is_refused(tmp_path: Path, change: tuple[str, str], refusal: str) -> None:
    copy(tmp_path, change)
    with pytest.raises(BadDefinition, match=refusal):
        load_all((DIRECTORY, tmp_path))


def own_type(tmp_path: Path, *changes: tuple[str, str]) -> None:
    """A copy in a feature type of its own, but for the changes."""
    uuid = re.findall('uuid = "([^"]*)"', COPIED.read_text("utf-8"))[1]
    own = (
        (uuid, str(uuid4())),
        ('prefix = "POI"', 'prefix = "LEEG"'),
        ('namespace = "https://geo.api.vlaanderen.be/POI"', 'namespace = "https://geo.api.vlaanderen.be/LEEG"'),
        ('name = "POI"', 'name = "Leeg"'),
        ('product = "POI"', 'product = "Leeg"'),
    )
    copy(tmp_path, *own, *changes)


def test_a_feature_type_of_its_own_has_names_of_its_own(tmp_path: Path) -> None:
    own_type(tmp_path)
    assert len(load_all((DIRECTORY, tmp_path))) == 5


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        (('name = "Leeg"', 'name = "POI"'), "(product|feature type) POI is in"),
        (('name = "Leeg"', 'name = "Conformiteitsattest"'), "product Conformiteitsattest is in"),
        (('product = "Leeg"', 'product = "Woningkwaliteitsbeleid"'), "product Woningkwaliteitsbeleid is in"),
        (('product = "Leeg"', 'product = "WoningkwaliteitsbeleidRegels"'), "product WoningkwaliteitsbeleidRegels is in"),
        (('prefix = "LEEG"', 'prefix = "LWKB"'), "prefix LWKB is in"),
        (("be/LEEG", "be/LWKB"), "namespace https://geo.api.vlaanderen.be/LWKB is in"),
    ],
)
def test_a_feature_type_of_its_own_takes_no_name_of_another(tmp_path: Path, change: tuple[str, str], refusal: str) -> None:
    own_type(tmp_path, change)
    with pytest.raises(BadDefinition, match=refusal):
        load_all((DIRECTORY, tmp_path))


@pytest.mark.parametrize("wrong", ["4A01D70A-00F7-566F-9CBA-4FEC69D5E317", "besluiten"])
def test_a_uuid_has_the_form_of_one(tmp_path: Path, wrong: str) -> None:
    copy(tmp_path, ('uuid = "4a01d70a-00f7-566f-9cba-4fec69d5e317"', f'uuid = "{wrong}"'), new_uuid=False)
    with pytest.raises(BadDefinition, match=r"leegstand\.toml"):
        load_all((DIRECTORY, tmp_path))


def test_the_command_that_lists_the_datasets_says_what_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy(tmp_path, new_uuid=False)
    monkeypatch.setenv("VLOK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("VLOK_DEFINITIONS", str(tmp_path))
    answer = CliRunner().invoke(main, ["dataset", "list"])
    assert answer.exit_code == 1
    assert "besluiten.toml" in answer.stderr
    assert "leegstand.toml" in answer.stderr
