"""The public manifest of one edition: what is public on a day, which files there are, and who vouches for it."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import BaseModel, ConfigDict

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


class ProductEntry(_Frozen):
    """Public counts of a product: `public` objects, of which `located` have a position; `since` is the content's own date."""

    content_id: str
    since: date
    public: int
    located: int
    files: tuple[FileEntry, ...] = ()


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
