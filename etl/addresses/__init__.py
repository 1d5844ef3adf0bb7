"""The address register, when one is configured: a file, or the Basisregisters API (CONTRACT A.2, DOMAIN 4.2).

Street and municipality are published as the register spells them, missing positions are looked up in it, and an address that it
does not know is a finding. Look an address up only after the checks for personal values: the API is somebody else's.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from etl.addresses.address import Address, AddressRegister, Match, Miss
from etl.addresses.basisregisters import Basisregisters
from etl.addresses.csv_file import AddressFile

__all__ = ["Address", "AddressFile", "AddressRegister", "Basisregisters", "Match", "Miss", "open_register"]


def open_register(setting: str, on: date, *, api_key: str | None = None) -> AddressRegister:
    """The register that a setting names: a URL such as `https://api.basisregisters.vlaanderen.be/v2`, or a path of a CSV file.

    `on` is the day that is evaluated. Raises `SourceError` for a file that cannot be read or an unsafe URL.
    """
    if setting.startswith(("http://", "https://")):
        return Basisregisters(setting, on, api_key=api_key)
    return AddressFile.read(Path(setting), on)
