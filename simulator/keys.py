"""The key pair of the demo: the client signs with the private key, the server knows the public one."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa


@dataclass(frozen=True, slots=True)
class KeyPair:
    """Paths of two PEM files."""

    private: Path
    public: Path


def make(folder: Path) -> KeyPair:
    """Make `client-key.pem` (0600) and `client-key.pub.pem` in the folder, unless they are there; RSA of 2048 bits, for RS256."""
    pair = KeyPair(folder / "client-key.pem", folder / "client-key.pub.pem")
    if pair.private.exists() and pair.public.exists():
        return pair
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    with os.fdopen(os.open(pair.private, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(private)
    pair.private.chmod(0o600)
    pair.public.write_bytes(key.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo))
    return pair


def read_public(path: Path) -> rsa.RSAPublicKey:
    """The public key of a PEM file; raises `ValueError` for another kind of key."""
    key = serialization.load_pem_public_key(path.read_bytes())
    if not isinstance(key, rsa.RSAPublicKey):
        raise ValueError(f"{path} holds no RSA public key")
    return key
