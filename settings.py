"""Settings: `VLOK_*` variables over `vlok.toml`, all checked at start. A leaf: it imports nothing of ours."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AnyHttpUrl, BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

FILE = "vlok.toml"


class BadSetting(Exception):
    """A setting is wrong; the message names it and what is expected, never its value."""


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Settings(_Settings):
    """Every setting, each read from `VLOK_<NAME>` or the key of the same name in `vlok.toml`."""

    home: Path = Field(default=Path("var"), description="folder of state and releases")
    source: str | None = Field(default=None, pattern=r"^(folder:.+|http:.+|https?://.+)$", description="folder:PATH or http:URL")
    database_url: str | None = Field(default=None, description="SQLAlchemy URL; default SQLite in the home folder")
    public_url: AnyHttpUrl = Field(default=AnyHttpUrl("http://127.0.0.1:8080"), description="every link is made from it")
    environment: Literal["test", "production"] = Field(default="test", description="anything but production says TEST")
    secret_file: Path | None = Field(default=None, description="32 bytes or more; default made in the home folder on the first run")
    clock: date | None = Field(default=None, description="fixes today; refused in production")
    definitions: Path | None = Field(default=None, description="a folder with more dataset definitions")
    municipalities: str | None = Field(default=None, description="vector file or WFS URL with the municipality polygons")
    addresses: str | None = Field(default=None, description="address register: a CSV file, or the Basisregisters API URL")
    unmatched_addresses: Literal["publish", "keep_out"] = Field(
        default="publish", description="what an address that the register does not know gets"
    )
    approval_needed: bool = Field(default=True, description="an obligation counts as in force only with ministerial approval")
    publisher: str = Field(default="Wonen in Vlaanderen", description="the organisation named in attribution and metadata")
    contact: str = Field(default="https://www.vlaanderen.be/wonen-in-vlaanderen", description="e-mail address or page of the publisher")
    token_url: AnyHttpUrl | None = Field(default=None, description="OAuth 2 token endpoint of the source")
    client_id: str | None = Field(default=None, description="OAuth 2 client id")
    client_key_file: Path | None = Field(default=None, description="PEM file with the RSA key of the client")
    withdraw_after_days: dict[str, Annotated[int, Field(ge=1)]] = Field(
        default_factory=dict, description="per dataset, instead of its definition"
    )
    overlap_minutes: int = Field(
        default=30, ge=0, le=1440, description="how long the release before stays readable for those who follow `next` links"
    )
    postgis_url: str | None = Field(default=None, description="PostGIS database into which each release is loaded")

    @model_validator(mode="after")
    def _no_clock_in_production(self) -> Settings:
        if self.clock is not None and self.environment == "production":
            raise ValueError("VLOK_CLOCK is for tests: unset it in production")
        return self

    @field_validator("definitions")
    @classmethod
    def _is_folder(cls, definitions: Path | None) -> Path | None:
        if definitions is not None and not definitions.is_dir():
            raise ValueError("is no folder")
        return definitions

    @property
    def overlap(self) -> timedelta:
        """How long the release before stays readable."""
        return timedelta(minutes=self.overlap_minutes)

    @property
    def releases(self) -> Path:
        """Folder of the releases and their pointer."""
        return self.home / "releases"


def load(environment: Mapping[str, str] = os.environ, folder: Path = Path()) -> Settings:
    """Read `vlok.toml` of a folder and the variables over it; raises `BadSetting` naming every fault."""
    try:
        values: dict[str, object] = tomllib.loads((folder / FILE).read_text("utf-8")) if (folder / FILE).exists() else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise BadSetting(f"{FILE}: {error}") from error
    known = {f"VLOK_{name.upper()}": name for name in Settings.model_fields}
    unknown = [name for name in environment if name.startswith("VLOK_") and name not in known and not name.startswith("VLOK_TEST_")]
    if unknown:
        raise BadSetting(f"unknown setting {', '.join(sorted(unknown))}; known are {', '.join(sorted(known))}")
    values |= {name: environment[variable] for variable, name in known.items() if environment.get(variable)}
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        faults = "; ".join(
            f"VLOK_{'_'.join(map(str, fault['loc'])).upper() or 'CLOCK'}: {fault['msg']}" for fault in error.errors(include_input=False)
        )
        raise BadSetting(faults) from error
