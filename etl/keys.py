"""The secret of the installation, and every key that is made from it. It belongs in the back-up (CONTRACT B.2)."""

from __future__ import annotations

import hmac
import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from etl.errors import EtlError

SECRET_BYTES = 32


class Keys:
    """Keys derived from the secret, one for each purpose, so that no HMAC of one kind can be compared with another."""

    def __init__(self, secret: bytes) -> None:
        """`secret` has at least 32 bytes; raises `EtlError`."""
        if len(secret) < SECRET_BYTES:
            raise EtlError(f"the secret is shorter than {SECRET_BYTES} bytes; see docs/operations.md")
        self._secret = secret
        self._source_key, self._subject = self._derive("source key"), self._derive("subject")
        self._object, self._version, self._digest = self._derive("object"), self._derive("version"), self._derive("digest")

    def _derive(self, purpose: str) -> bytes:
        return HKDF(SHA256(), SECRET_BYTES, salt=None, info=f"vlok {purpose}".encode()).derive(self._secret)

    def source_key(self, dataset: str, key: str) -> bytes:
        """HMAC of a source's key of a record, 16 bytes (CONTRACT C)."""
        return hmac.digest(self._source_key, f"{dataset}\0{key}".encode(), "sha256")[:16]

    def subject(self, key: str) -> bytes:
        """HMAC of a dwelling or pand, 16 bytes: the same in every dataset, so that decisions meet certificates."""
        return hmac.digest(self._subject, key.encode(), "sha256")[:16]

    def oidn(self, product: str, key: str) -> int:
        """OIDN: 48 bits of an HMAC of product and object, so that neither value nor order tells age (CONTRACT B.2)."""
        return int.from_bytes(hmac.digest(self._object, f"{product}\0{key}".encode(), "sha256")[:6])

    def uidn(self, oidn: int, values: bytes) -> int:
        """UIDN: 48 bits of an HMAC of OIDN and the identifying public values (CONTRACT B.2)."""
        return int.from_bytes(hmac.digest(self._version, b"%d\0%s" % (oidn, values), "sha256")[:6])

    def digest(self, digest: str) -> bytes:
        """HMAC of the digest of an input: the private ledger holds no plain one (CONTRACT C)."""
        return hmac.digest(self._digest, digest.encode(), "sha256")

    def signing(self) -> Ed25519PrivateKey:
        """The key that signs public manifests."""
        return Ed25519PrivateKey.from_private_bytes(self._derive("manifest"))

    def spool(self) -> bytes:
        """The key that encrypts fetched deliveries, 32 bytes."""
        return self._derive("spool")


def read(path: Path) -> Keys:
    """Keys from a secret file; raises `EtlError` when it cannot be read."""
    try:
        return Keys(path.read_bytes())
    except OSError as error:
        raise EtlError(f"the secret file {path} cannot be read ({error.strerror})") from error


def read_or_make(path: Path) -> Keys:
    """Keys from a secret file that is made, 0600, when it is absent."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(SECRET_BYTES))
    return read(path)
