"""What systemd is told (Type=notify, WatchdogSec): datagrams to the socket it names; without one nothing is said."""

import logging
import socket
from collections.abc import Mapping

logger = logging.getLogger(__name__)

READY = "READY=1"
ALIVE = "WATCHDOG=1"
STOPPING = "STOPPING=1"


def tell(what: str, environment: Mapping[str, str]) -> bool:
    """Tell the supervisor named in the environment; return True if it was told. Never raises: duty goes on untold."""
    address = environment.get("NOTIFY_SOCKET", "")
    if not address:
        return False
    if address.startswith("@"):
        address = "\0" + address[1:]  # a name of Linux's abstract kind
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
            out.settimeout(0)
            out.connect(address)
            out.send(what.encode())
    except OSError as error:
        logger.warning("the supervisor could not be told %s: %s", what, error)
        return False
    return True
