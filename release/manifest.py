"""The public manifest of one edition: what is public on a day, which files there are, and who vouches for it."""

from __future__ import annotations

import hashlib
from datetime import date
from enum import StrEnum
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer

from release.errors import BrokenRelease


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FileEntry(_Frozen):
    """A download: `path` below the edition's `downloads/`, `note` says why a format is left out (then `bytes` is 0)."""

    path: str
    format: str
    bytes: int
    sha256: str
    note: str | None = None


class Part(StrEnum):
    """What of a product a channel carries, and is therefore compared."""

    ALL = "all"  # every row, with its place
    DEGREES = "all, in degrees"  # every row, with its place in CRS84
    ATTRIBUTES = "attributes"  # every row, without its place
    LOCATED = "located"  # the rows that have a place, with it
    SAMPLE = "sample"  # some of those, for channels that make every answer anew
    IDS = "ids"  # the ids of all objects
    LOCATED_IDS = "located ids"  # the ids of those that have a place
    SAMPLE_IDS = "sample ids"  # the ids of the sample


class PartDigest(_Frozen):
    """Rows of a part of a product, and one SHA-256 over them in the order of their keys (docs/parity.md)."""

    rows: int
    sha256: str


class ChannelDigest(PartDigest):
    """What one channel gave, decoded from its own bytes; `part` is what it carries."""

    name: str
    part: str


class Parity(_Frozen):
    """The proof that every channel gives the same (DESIGN decision 3): `parts` are those of the sealed table."""

    parts: dict[str, PartDigest]
    channels: tuple[ChannelDigest, ...]

    @property
    def equal(self) -> bool:
        """Whether every channel gave exactly its part."""
        return all(PartDigest(rows=channel.rows, sha256=channel.sha256) == self.parts[channel.part] for channel in self.channels)

    @property
    def names(self) -> tuple[str, ...]:
        """The channels, each once however many parts it carries."""
        return tuple(dict.fromkeys(channel.name for channel in self.channels))


class ProductEntry(_Frozen):
    """Public counts of a product: `public` objects, of which `located` have a position; `since` is the content's own date.

    `state` is the date of the sentences of CONTRACT B.3: the oldest register that had been seen on the day `since`; in a release from
    before it was written down, `since`. `described` is the day from which its description holds (`schema_id`: its digest), whatever the
    rows do; null in a release from before it was written down. `parity` is null before the proof, for a product that is withdrawn, and in
    a release from before there was one.
    """

    content_id: str
    since: date
    state: date = Field(default_factory=lambda known: known["since"])
    schema_id: str | None = None
    described: date | None = None
    public: int
    located: int
    files: tuple[FileEntry, ...] = ()
    parity: Parity | None = None

    @model_serializer(mode="wrap")
    def _as_signed(self, handler: SerializerFunctionWrapHandler) -> dict[str, object]:
        """A manifest from before there was a proof, a state or a day of the description keeps the bytes that were signed."""
        document: dict[str, object] = handler(self)
        if self.parity is None:
            document.pop("parity", None)
        for name in {"state", "schema_id", "described"} - self.model_fields_set:
            document.pop(name, None)
        return document


class Manifest(_Frozen):
    """What one edition (one Brussels day of a release) holds. `signature` is Ed25519 over the document without it."""

    content_id: str
    day: date
    transformation: str
    software: str
    products: dict[str, ProductEntry]
    public_key: str = ""
    signature: str = ""

    def signed(self, key: Ed25519PrivateKey) -> Manifest:
        """The same manifest with the installation's signature."""
        keyed = self.model_copy(update={"public_key": key.public_key().public_bytes_raw().hex(), "signature": ""})
        return keyed.model_copy(update={"signature": key.sign(keyed._payload()).hex()})

    def verify(self) -> None:
        """Raises `BrokenRelease` when the signature does not fit the content."""
        bare = self.model_copy(update={"signature": ""})
        try:
            Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.public_key)).verify(bytes.fromhex(self.signature), bare._payload())
        except (InvalidSignature, ValueError) as error:
            raise BrokenRelease(f"the signature of the manifest of {self.day} is wrong") from error

    def _payload(self) -> bytes:
        return self.model_dump_json(indent=1).encode()


def digest(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
