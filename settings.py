"""Settings: `VLOK_*` variables over `vlok.toml`, all checked at start. A leaf: it imports nothing of ours."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AnyHttpUrl, BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

FILE = "vlok.toml"

_BASE_MAP = re.compile(r"https?://[A-Za-z0-9.-]+(:\d+)?/[^\s\"'<>;,]*")
"""The host of a base map goes into a header (Content-Security-Policy), so that nothing but a host may stand there."""


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
    feed_days: int = Field(default=42, ge=1, le=366, description="how many days the feed of changes goes back")
    webhooks: Annotated[tuple[AnyHttpUrl, ...], Field(max_length=100)] = Field(
        default=(), description="public https addresses that are told of each change, with blanks between them"
    )
    webhook_secret_file: Path | None = Field(default=None, description="file with the secret that signs notices: `whsec_` and base64")
    base_map: str | None = Field(default=None, description="base map under /kaart: an address of tiles with {z}, {x} and {y}")
    base_map_attribution: str | None = Field(default=None, description="whom the base map is from, as it stands on the map")

    @model_validator(mode="after")
    def _no_clock_in_production(self) -> Settings:
        if self.clock is not None and self.environment == "production":
            raise ValueError("VLOK_CLOCK is for tests: unset it in production")
        return self

    @field_validator("base_map")
    @classmethod
    def _is_template(cls, base_map: str | None) -> str | None:
        if base_map is not None and not (_BASE_MAP.fullmatch(base_map) and all(part in base_map for part in ("{z}", "{x}", "{y}"))):
            raise ValueError("is no http(s) address with {z}, {x} and {y} in it")
        return base_map

    @model_validator(mode="after")
    def _base_map_says_whose_it_is(self) -> Settings:
        if (self.base_map is None) != (self.base_map_attribution is None):
            raise ValueError("VLOK_BASE_MAP and VLOK_BASE_MAP_ATTRIBUTION go together")
        return self

    @field_validator("webhooks", mode="before")
    @classmethod
    def _listed(cls, webhooks: object) -> object:
        return webhooks.split() if isinstance(webhooks, str) else webhooks

    @field_validator("webhooks")
    @classmethod
    def _are_https(cls, webhooks: tuple[AnyHttpUrl, ...]) -> tuple[AnyHttpUrl, ...]:
        if any(url.scheme != "https" or url.username or url.password or url.fragment for url in webhooks):
            raise ValueError("each is an https address without user, password and fragment")
        return webhooks

    @model_validator(mode="after")
    def _notices_are_signed(self) -> Settings:
        if self.webhooks and self.webhook_secret_file is None:
            raise ValueError("VLOK_WEBHOOKS needs VLOK_WEBHOOK_SECRET_FILE")
        return self

    @field_validator("definitions")
    @classmethod
    def _is_folder(cls, definitions: Path | None) -> Path | None:
        if definitions is not None and not definitions.is_dir():
            raise ValueError("is no folder")
        return definitions

    def on_day(self, day: date) -> Settings:
        """The settings with the clock on a day, so that the feed of changes is of that day too; not in production, nor when it is set."""
        if self.clock is not None or self.environment == "production":
            return self
        return self.model_copy(update={"clock": day})

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
            (f"VLOK_{'_'.join(map(str, fault['loc'])).upper()}: " if fault["loc"] else "") + fault["msg"]
            for fault in error.errors(include_input=False)
        )
        raise BadSetting(faults) from error
