"""The secret and what is made from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl.errors import EtlError
from etl.keys import Keys, read, read_or_make

KEYS = Keys(b"a secret of at least thirty-two bytes")


def test_the_same_secret_gives_the_same_keys_anywhere() -> None:
    other = Keys(b"a secret of at least thirty-two bytes")
    assert KEYS.oidn("Conformiteitsattest", "E0000001") == other.oidn("Conformiteitsattest", "E0000001") == 9_635_743_588_300
    assert KEYS.source_key("besluiten", "BO-1") == other.source_key("besluiten", "BO-1")
    assert KEYS.signing().public_key().public_bytes_raw() == other.signing().public_key().public_bytes_raw()


def test_another_secret_gives_other_keys() -> None:
    other = Keys(b"another secret of thirty-two bytes or more")
    assert KEYS.oidn("P", "E1") != other.oidn("P", "E1")
    assert KEYS.subject("E1") != other.subject("E1")
    assert KEYS.digest("d") != other.digest("d")
    assert KEYS.spool() != other.spool()


def test_keys_for_different_purposes_cannot_be_compared() -> None:
    made = [KEYS.source_key("", "x"), KEYS.subject("x"), KEYS.digest("x")[:16], KEYS.oidn("", "x").to_bytes(16), KEYS.spool()[:16]]
    assert len(set(made)) == len(made)
    assert all(len(key) == 16 for key in made)


def test_a_dwelling_is_the_same_subject_in_every_dataset_and_another_object_in_every_product() -> None:
    assert KEYS.oidn("Conformiteitsattest", "E1") != KEYS.oidn("RegisterHerstelvorderingen", "E1")
    assert KEYS.source_key("besluiten", "1") != KEYS.source_key("herstelvorderingen", "1")


def test_a_boundary_between_two_parts_of_a_key_cannot_be_moved() -> None:
    assert KEYS.source_key("ab", "c") != KEYS.source_key("a", "bc")
    assert KEYS.oidn("ab", "c") != KEYS.oidn("a", "bc")


def test_numbers_have_48_bits() -> None:
    numbers = [KEYS.oidn("P", str(number)) for number in range(2000)]
    assert max(numbers) < 2**48
    assert max(numbers) > 2**47
    assert len(set(numbers)) == 2000


def test_a_short_secret_is_refused_without_being_shown() -> None:
    with pytest.raises(EtlError, match="shorter than 32 bytes") as found:
        Keys(b"hunter2")
    assert "hunter2" not in str(found.value)


def test_the_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "home" / "secret"
    made = read_or_make(path)
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert read_or_make(path).oidn("P", "1") == made.oidn("P", "1") == read(path).oidn("P", "1")


def test_a_secret_that_a_setting_names_is_never_made(tmp_path: Path) -> None:
    with pytest.raises(EtlError, match="cannot be read \\(No such file or directory\\)"):
        read(tmp_path / "absent")
    assert list(tmp_path.iterdir()) == []
