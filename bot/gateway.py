"""The gateways of fallback channels by Apprise, and their failures translated once into our own."""

import logging
import re
from datetime import timedelta

from bot.telegram import Delivered, Later, Refused, Uncertain

Result = Delivered | Later | Uncertain | Refused

_STATUS = re.compile(r"error=(\d{3})")
_AGAIN = frozenset({"408", "425", "429"})


def send(url: str, title: str, body: str, seconds: float) -> Result:
    """Send by Apprise, in this thread; what a gateway said is read from what Apprise noted of it, and not kept."""
    from apprise import Apprise, NotifyFormat  # noqa: PLC0415 - loaded with the first channel

    from actions.channel_address import ASSET, plugin_of  # noqa: PLC0415 - same

    plugin = plugin_of(url, seconds)
    if plugin is None:
        return Refused("地址不能用")
    sender = Apprise(asset=ASSET)
    sender.add(plugin)
    result = sender.notify(body=body, title=title, body_format=NotifyFormat.TEXT, log_level=logging.DEBUG)
    if result:
        return Delivered(None)
    return read_failure("\n".join(str(entry.message) for entry in result.logs()))


def read_failure(noted: str) -> Result:
    """Return what a failure means: refused for good, to be tried again, or perhaps arrived."""
    status = _STATUS.search(noted)
    if status is not None:
        code = status[1]
        if code.startswith("4") and code not in _AGAIN:
            return Refused(f"网关拒绝（{code}）")
        return Later(timedelta(0), f"网关出错（{code}）")
    if re.search(r"[Rr]ead timed out|Connection aborted|RemoteDisconnected", noted):
        return Uncertain("网关没有回答")
    return Later(timedelta(0), "网关连不上")
