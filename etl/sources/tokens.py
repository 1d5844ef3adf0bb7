"""OAuth 2 client credentials with a signed JWT assertion, as the Flemish authorisation server asks (RFC 7523)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from etl.errors import DeliveryRefused, SourceError
from etl.sources.client import Client, Now, check_base
from etl.sources.json_text import parse

_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_LIFE = timedelta(minutes=2)
_MARGIN = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who we are to the authorisation server: client id, private key, the token address and the audience that it wants."""

    client_id: str
    token_url: str
    audience: str
    key: RSAPrivateKey = field(repr=False)
    key_id: str | None = None

    @classmethod
    def read(cls, client_id: str, key_file: Path, token_url: str, *, audience: str | None = None, key_id: str | None = None) -> Credentials:
        """With the RSA key from a PEM file (2048 bits or more); raises `SourceError` naming the file."""
        try:
            key = load_pem_private_key(key_file.read_bytes(), password=None)
        except (OSError, ValueError, TypeError) as error:
            raise SourceError(f"{key_file} holds no readable private key (PEM, no password)") from error
        if not isinstance(key, RSAPrivateKey) or key.key_size < 2048:
            raise SourceError(f"{key_file} holds no RSA key of at least 2048 bits, which RS256 needs")
        return cls(client_id, check_base(token_url), audience or token_url, key, key_id)


class _Grant(BaseModel):
    """The token answer (RFC 6749 §5.1)."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    access_token: str = Field(min_length=1, max_length=16_384, pattern=r"^[\x21-\x7e]+$")
    token_type: str
    expires_in: int = Field(default=60, ge=1, le=86_400)


class Tokens:
    """One access token per scope, kept in memory until shortly before it expires."""

    def __init__(self, credentials: Credentials, client: Client, now: Now) -> None:
        self._credentials, self._client, self._now = credentials, client, now
        self._kept: dict[str, tuple[str, datetime]] = {}

    def get(self, scope: str) -> str:
        """A token that is good now; raises `SourceError`."""
        token, until = self._kept.get(scope, ("", None))
        if until is None or until <= self._now():
            token = self._ask(scope)
        return token

    def forget(self, scope: str) -> None:
        """After a 401: the next `get` asks for a new token."""
        self._kept.pop(scope, None)

    def _ask(self, scope: str) -> str:
        place = self._credentials.token_url
        asked = self._now()
        answer = self._client.fetch(lambda: self._request(scope), place)
        if answer.status != 200:
            raise SourceError(
                f"{place}: answered {answer.status} to the login for scope {scope}; "
                "check client id, key, audience and whether the scope is granted"
            )
        try:
            grant = _Grant.model_validate(parse(answer.body))
        except (ValidationError, DeliveryRefused):
            raise SourceError(f"{place}: the answer to the login holds no usable token") from None
        if grant.token_type.lower() != "bearer":
            raise SourceError(f"{place}: gives another kind of token than Bearer")
        life = timedelta(seconds=grant.expires_in)
        self._kept[scope] = (grant.access_token, asked + max(life - _MARGIN, life / 2))
        return grant.access_token

    def _request(self, scope: str) -> httpx.Request:
        """A new assertion for every attempt: the server may refuse a `jti` that it has seen (RFC 7523 §3)."""
        form = {
            "grant_type": "client_credentials",
            "scope": scope,
            "client_assertion_type": _ASSERTION,
            "client_assertion": self._assertion(),
        }
        headers = {"accept": "application/json", "x-correlation-id": str(uuid.uuid4())}
        return httpx.Request("POST", self._credentials.token_url, data=form, headers=headers)

    def _assertion(self) -> str:
        who, moment = self._credentials, self._now()
        claims = {
            "iss": who.client_id,
            "sub": who.client_id,
            "aud": who.audience,
            "iat": int(moment.timestamp()),
            "exp": int((moment + _LIFE).timestamp()),
            "jti": str(uuid.uuid4()),
        }
        return jwt.encode(claims, who.key, algorithm="RS256", headers={"kid": who.key_id} if who.key_id else None)
