"""Brings a notice to a public https address, and to nothing else: what is looked up is checked, and what was checked is called."""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import httpx

from schedules.errors import NoticeFailed

SECONDS = 10.0
"""For looking up, connecting, sending and the head of the answer, all told."""

_UNICAST, _SIX_TO_FOUR = IPv6Network("2000::/3"), IPv6Network("2002::/16")
_RELAYS = IPv4Network("192.88.99.0/24")

logging.getLogger("httpx").setLevel(logging.WARNING)  # its lines hold whole addresses, and those may hold a password

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


async def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of a host, as the system knows them; raises `OSError`."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(each[4][0]) for each in found]


def is_public(address: str) -> bool:
    """Whether an IP address is one of the internet: not private, shared, loopback, link-local, reserved, multicast or a disguise of one.

    IPv6: global unicast alone, which leaves out those that hold an IPv4 address (`::ffff:…`, `64:ff9b::…`); those of 6to4 are refused.
    """
    try:
        ip: IPv4Address | IPv6Address = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv6Address):
        return ip in _UNICAST and ip not in _SIX_TO_FOUR and ip.is_global
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and ip not in _RELAYS


@dataclass(frozen=True)
class Courier:
    """Posts over TLS. Tests give another `resolve`, other `allowed` addresses and their own authorities."""

    resolve: Resolve = resolve
    allowed: Callable[[str], bool] = is_public
    authorities: ssl.SSLContext | None = None
    seconds: float = SECONDS

    async def bring(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Post, and look at nothing of the answer but its status; raises `NoticeFailed` with words that name no address."""
        try:
            async with asyncio.timeout(self.seconds):
                target = httpx.URL(url)
                status = await self._post_first(target, await self._checked(target), body, headers)
        except TimeoutError:
            raise NoticeFailed(f"no answer within {self.seconds:.0f} seconds") from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise NoticeFailed(type(error).__name__) from None
        if not 200 <= status < 300:
            raise NoticeFailed(f"answered {status}")

    async def _checked(self, target: httpx.URL) -> Sequence[str]:
        """The addresses of the host, when all of them are allowed."""
        if target.scheme != "https":
            raise NoticeFailed("is no https address")
        found = await self.resolve(target.host, target.port or 443)
        if not found or not all(map(self.allowed, found)):
            raise NoticeFailed("its host is not a public one")
        return found

    async def _post_first(self, target: httpx.URL, addresses: Sequence[str], body: bytes, headers: Mapping[str, str]) -> int:
        """The status of the first address that can be reached."""
        for address in addresses[:-1]:
            try:
                return await self._post(target, address, body, headers)
            except httpx.ConnectError:
                continue
        return await self._post(target, addresses[-1], body, headers)

    async def _post(self, target: httpx.URL, address: str, body: bytes, headers: Mapping[str, str]) -> int:
        """The status. The address that was checked is called, by the name of the host: looking it up again may give another one."""
        # No proxy and no redirect, which would call what was not checked.
        verify = self.authorities or ssl.create_default_context()
        async with (
            httpx.AsyncClient(verify=verify, trust_env=False, follow_redirects=False, timeout=self.seconds) as client,
            client.stream(
                "POST",
                target.copy_with(host=address),
                content=body,
                headers={**headers, "Host": target.netloc.decode("ascii"), "User-Agent": "vlok"},
                extensions={"sni_hostname": target.host},
            ) as answer,
        ):
            return answer.status_code
