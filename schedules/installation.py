"""An installation: settings made into the things that jobs and commands work with."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

from etl import keys
from etl.addresses import AddressRegister, open_register
from etl.code_lists import resolve
from etl.definitions import DIRECTORY, DatasetDefinition, SourceSpec, load_all
from etl.delivery import Source
from etl.errors import SourceError
from etl.job import Job, Options
from etl.keys import Keys
from etl.municipalities import Boundaries, Feature
from etl.schema import schema
from etl.sources import Access, Credentials, Spool, open_source
from etl.sources.polygons import read_polygons
from etl.sources.services import read_service_polygons
from etl.sources.spool import KEEP
from etl.store import Store
from release import soundness
from release.content import Candidate, Content
from release.crs import LAMBERT72, parse_crs
from release.errors import BrokenRelease, NoRelease, UnknownCrs
from release.pointer import Pointer
from release.reader import Release
from release.schema import Schema
from release.soundness import open_sound
from schedules import homes
from schedules.publication import Publication
from schedules.webhooks import Webhooks
from settings import Settings

_log = logging.getLogger("vlok.installation")


@dataclass(frozen=True)
class Predecessor:
    """The release that is current, or none: because nothing is public yet, or because of `damage`, in words."""

    release: Release | None = None
    damage: tuple[str, ...] = ()


@dataclass(frozen=True)
class Installation:
    """Everything below one home folder."""

    settings: Settings
    clock: Callable[[], datetime]

    @cached_property
    def definitions(self) -> tuple[DatasetDefinition, ...]:
        """The packaged definitions and those of `VLOK_DEFINITIONS`; raises `BadDefinition`."""
        folders = (DIRECTORY, self.settings.definitions) if self.settings.definitions else (DIRECTORY,)
        return tuple(resolve(definition, folders[-1]) for definition in load_all(folders))

    @cached_property
    def schema(self) -> Schema:
        """The public schema of all definitions."""
        settings = self.settings
        return schema(self.definitions, publisher=settings.publisher, contact=settings.contact, withdraw_after=settings.withdraw_after_days)

    @cached_property
    def keys(self) -> Keys:
        """Keys of the secret; the file is made on the first run unless a setting names one."""
        given = self.settings.secret_file
        return keys.read(given) if given is not None else keys.read_or_make(self.settings.home / "secret")

    @cached_property
    def store(self) -> Store:
        """The state, its tables brought up to date."""
        self.settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        return Store.open(self.settings.database_url or f"sqlite:///{self.settings.home.resolve() / 'state.sqlite'}")

    @property
    def publication(self) -> Publication:
        """The act of publication."""
        settings = self.settings
        url = str(settings.public_url).rstrip("/")
        return Publication(
            settings.releases, self.clock, url, settings.environment, settings.postgis_url, settings.overlap, settings.feed_days
        )

    @property
    def webhooks(self) -> Webhooks | None:
        """Those who are told of changes, if a setting names any."""
        settings = self.settings
        if not settings.webhooks or settings.webhook_secret_file is None:
            return None
        return Webhooks(
            urls=tuple(map(str, settings.webhooks)),
            secret_file=settings.webhook_secret_file,
            home=settings.home,
            releases=settings.releases,
            public_url=str(settings.public_url).rstrip("/"),
            production=settings.environment == "production",
        )

    def current(self) -> Release | None:
        """The current release, if there is one."""
        try:
            return Release.open(Pointer(self.settings.releases).folder())
        except NoRelease:
            return None

    def predecessor(self) -> Predecessor:
        """The current release, as far as the next one may go on from it."""
        try:
            return Predecessor(open_sound(Pointer(self.settings.releases).folder(), soundness.lent))
        except NoRelease:
            return Predecessor()
        except BrokenRelease as error:
            warning = f"{error}; the next release is made wholly anew, with dates that begin today"
            _log.warning("%s", warning)
            return Predecessor(damage=(warning,))

    def seal(self, content: Content, day: date) -> Candidate:
        """Seal a release; the current one lends what did not change, unless it is damaged: then everything is made anew."""
        return self.follow(self.predecessor(), content, day)

    def follow(self, before: Predecessor, content: Content, day: date) -> Candidate:
        """Seal the release that comes after another; raises `BadSetting` for the example registers in production."""
        homes.require_real(self.settings)
        candidate = self.publication.seal(content, day, self.keys.signing(), before.release)
        return replace(candidate, warnings=before.damage)

    def job(self, day: date) -> Job:
        """What a run for a day works with."""
        return Job(
            definitions=self.definitions,
            schema=self.schema,
            sources={definition.id: self.source(definition) for definition in self.definitions},
            store=self.store,
            keys=self.keys,
            seal=self.seal,
            clock=self.clock,
            boundaries=self.boundaries(day),
            register=self.register(day),
            options=self.options,
        )

    def source(self, definition: DatasetDefinition) -> Source:
        """Where the deliveries of a dataset come from."""
        folder = self.settings.definitions or DIRECTORY
        return open_source(definition, self.settings.source, Access(self._spool, self._credentials(), now=self.clock), folder=folder)

    @cached_property
    def _spool(self) -> Spool:
        return Spool(self.settings.home / "spool", self.keys.spool())

    def expire(self) -> None:
        """Delete what we fetched and no longer need, after seven days at most (CONTRACT C); a folder delivery is not ours."""
        if self.settings.source is not None and not self.settings.source.startswith("folder:"):
            self.store.ledger.expire_references(self.clock() - KEEP, lambda line: None)
        self._spool.sweep(self.clock())

    def _credentials(self) -> Credentials | None:
        settings = self.settings
        if settings.token_url is None or settings.client_id is None or settings.client_key_file is None:
            return None
        return Credentials.read(settings.client_id, settings.client_key_file, str(settings.token_url))

    @property
    def options(self) -> Options:
        """What settings change in what is published."""
        return Options(self.settings.unmatched_addresses == "publish", self.settings.approval_needed)

    def boundaries(self, day: date) -> Boundaries | None:
        """Polygons of the municipalities of a day, when a setting names them."""
        setting = self.settings.municipalities
        return Boundaries.read(_features(setting), day) if setting else None

    def register(self, day: date) -> AddressRegister | None:
        """The address register, when a setting names one."""
        setting = self.settings.addresses
        return open_register(setting, day) if setting else None


def _features(setting: str) -> Iterator[Feature]:
    """Municipality polygons of a vector file, or of a WFS or OGC API (`URL` or `URL#layer`, by default the VRBG's)."""
    if setting.startswith(("http://", "https://")):
        url, _, layer = setting.partition("#")
        ogcapi = "/ogc/features" in url
        spec = SourceSpec(kind="ogcapi" if ogcapi else "wfs", location=url, layer=layer or ("Refgem" if ogcapi else "VRBG:Refgem"))
        areas = read_service_polygons(spec)
    else:
        areas = read_polygons(Path(setting))
    try:
        crs = parse_crs(areas.crs).crs if areas.crs else LAMBERT72
    except UnknownCrs as error:
        raise SourceError(f"municipality polygons in {setting}: {error}") from error
    return ((area.attributes, area.geometry, crs) for area in areas.areas)
