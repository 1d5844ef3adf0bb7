"""What is wrong with the bytes of a channel. Never a value: only what, and in how many rows."""

from __future__ import annotations


class Undecodable(Exception):
    """A channel gave something else than rows of the product: the message says what, in words for the operator."""
