"""Addresses of services to copy, as the application that serves them states them."""

from __future__ import annotations

from dataclasses import dataclass

from release.schema import Text


@dataclass(frozen=True)
class Address:
    """A service: its title, and its path below the public address."""

    title: Text
    path: str
