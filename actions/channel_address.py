"""Addresses of fallback channels, read by Apprise: can one be sent to, and how is it shown without its secrets."""

import logging
import warnings
from dataclasses import dataclass
from urllib.parse import urlsplit

from apprise import Apprise, AppriseAsset, NotifyBase, PersistentStoreMode
from apprise.common import OverflowMode

ASSET = AppriseAsset(app_id="dutyroom", app_desc="dutyroom", storage_mode=PersistentStoreMode.MEMORY)
"""Nothing is kept on disk, nothing is loaded from there."""
LOCAL = frozenset(
    {"dbus", "glib", "gnome", "kde", "macosx", "qt", "syslog", "windows", "rsyslog", "enigma2", "kodi"}
)
"""They tell this machine, or a screen, not a person."""

_logger = logging.getLogger("apprise")
_logger.propagate = False  # its lines hold addresses; what matters of them is read from its results
_logger.addHandler(logging.NullHandler())
_logger.setLevel(logging.DEBUG)
with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # of libraries that services bring along
    Apprise.instantiate("json://localhost", asset=ASSET)  # the first one loads them all


@dataclass(frozen=True)
class Address:
    """An address that can be sent to; `where`: its scheme and host, no more."""

    service: str
    where: str


def plugin_of(url: str, seconds: float | None = None) -> NotifyBase | None:
    """Return what sends to an address, or None; `seconds`: how long it waits for an answer, unless it says itself.

    A text longer than the service takes goes in parts: it is never cut.
    """
    plugin = Apprise.instantiate(url, asset=ASSET, suppress_exceptions=True)
    if not isinstance(plugin, NotifyBase) or _scheme(url, plugin) in LOCAL:
        return None
    if "overflow=" not in url:
        plugin.overflow_mode = OverflowMode.SPLIT
    if seconds is not None and "rto=" not in url:
        plugin.socket_read_timeout = seconds
    return plugin


def read_address(url: str) -> Address | None:
    """Return how an address is shown; None for one that cannot be sent to."""
    plugin = plugin_of(url)
    if plugin is None:
        return None
    scheme = _scheme(url, plugin)
    templates: tuple[str, ...] = plugin.templates
    host = plugin.host if any("{host}" in template for template in templates) else None
    return Address(str(plugin.service_name), f"{scheme}://{host or '…'}")


def _scheme(url: str, plugin: NotifyBase) -> str:
    """Return the scheme as typed; that of the service where its web address was pasted."""
    typed = urlsplit(url).scheme.lower()
    if typed not in ("http", "https"):
        return typed
    return urlsplit(plugin.url(privacy=True)).scheme  # type: ignore[no-untyped-call]  # Apprise leaves it untyped


def gateway_of(url: str) -> str:
    """Return which gateway an address leads to: what is slow for one is slow for all of it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
