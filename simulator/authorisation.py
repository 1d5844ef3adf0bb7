"""The authorisation server: client credentials by a signed assertion, checked in full (RFC 6749 §4.4, RFC 7523 §3)."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.types import Options

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_LONGEST_ASSERTION = timedelta(minutes=10)
_SKEW = timedelta(seconds=30)

Clock = Callable[[], datetime]


class Refused(Exception):
    """A refusal: the status, and the error code of RFC 6749 §5.2."""

    def __init__(self, error: str, status: int = 400) -> None:
        self.error, self.status = error, status
        super().__init__(error)


@dataclass(frozen=True, slots=True)
class Grant:
    """An access token and how long it lives."""

    token: str
    seconds: int


class Authorisation:
    """One registered client with its public key and scopes; tokens live in memory."""

    def __init__(self, client_id: str, key: RSAPublicKey, audience: str, scopes: frozenset[str], clock: Clock, *, life: int = 300) -> None:
        self._client_id, self._key, self._audience, self._scopes, self._clock, self._life = client_id, key, audience, scopes, clock, life
        self._seen: dict[str, datetime] = {}
        self._tokens: dict[str, tuple[str, datetime]] = {}

    def grant(self, form: Mapping[str, str]) -> Grant:
        """A token for one scope; raises `Refused`."""
        if form.get("grant_type") != "client_credentials":
            raise Refused("unsupported_grant_type")
        if form.get("client_assertion_type") != ASSERTION_TYPE or "client_assertion" not in form:
            raise Refused("invalid_request")
        self._check(form["client_assertion"])
        scope = form.get("scope", "")
        if scope not in self._scopes:
            raise Refused("invalid_scope")
        token, now = secrets.token_urlsafe(32), self._clock()
        self._tokens = {kept: entry for kept, entry in self._tokens.items() if entry[1] > now}
        self._tokens[token] = scope, now + timedelta(seconds=self._life)
        return Grant(token, self._life)

    def scope_of(self, authorization: str) -> str | None:
        """The scope of a `Bearer` header; null when the token is unknown or has expired."""
        kind, _, token = authorization.partition(" ")
        scope, until = self._tokens.get(token, ("", None))
        return scope if kind.lower() == "bearer" and until is not None and until > self._clock() else None

    def _check(self, assertion: str) -> None:
        """RFC 7523 §3: signature, iss = sub = client, aud, exp, iat, and a jti that was never seen."""
        options: Options = {"require": ["iss", "sub", "aud", "exp", "iat", "jti"], "verify_exp": False, "verify_iat": False}
        try:
            claims = jwt.decode(assertion, self._key, algorithms=["RS256"], audience=self._audience, options=options)
            issued, expires = float(claims["iat"]), float(claims["exp"])
        except (jwt.PyJWTError, TypeError, ValueError):
            raise Refused("invalid_client", 401) from None
        now = self._clock()
        timely = issued <= (now + _SKEW).timestamp() and now.timestamp() < expires <= (now + _LONGEST_ASSERTION).timestamp()
        name = str(claims["jti"])
        self._seen = {kept: until for kept, until in self._seen.items() if until > now}
        if not timely or claims["iss"] != self._client_id or claims["sub"] != self._client_id or name in self._seen:
            raise Refused("invalid_client", 401)
        self._seen[name] = now + _LONGEST_ASSERTION
