"""Addresses of pages: who can open them."""

from ipaddress import ip_address
from urllib.parse import urlsplit


def is_local(base: str) -> bool:
    """Return True if an address opens on its own machine only."""
    host = urlsplit(base).hostname or ""
    try:
        address = ip_address(host)
    except ValueError:
        return host == "localhost"
    return address.is_loopback or address.is_unspecified
