"""How a warning was passed on to households, as a grid worker types it: 广播 120户, 微信群98/120户, 敲门二十户."""

import re
from dataclasses import dataclass

from domain.numerals import NUMBER, read_number
from domain.plain import make_plain

CHANNELS: dict[str, tuple[str, ...]] = {
    "广播": ("广播", "大喇叭", "喇叭", "应急广播", "村村响"),
    "微信群": ("微信", "群里", "工作群", "居民群", "业主群", "群发"),
    "电话": ("电话", "语音外呼", "外呼"),
    "短信": ("短信",),
    "敲门": ("敲门", "入户", "上门", "逐户", "挨家"),
    "鸣锣吹哨": ("鸣锣", "敲锣", "吹哨", "锣", "哨"),
}
_COUNT = rf"(\d{{1,5}}|{NUMBER})"
_OF = re.compile(rf"{_COUNT}户?\s*(?:/|／|之)\s*{_COUNT}户?")
_TOTAL = re.compile(rf"(?:共|总共|一共|全部|应通知|总数|合计){_COUNT}户")
_HOUSEHOLDS = re.compile(rf"{_COUNT}(?:多|余)?户")


@dataclass(frozen=True, slots=True)
class Passing:
    """By which channels, to how many households, of how many; None: not said."""

    channel: str | None
    households: int | None
    total: int | None


def read_passing(text: str) -> Passing:
    """Return what a report of passing on says; nothing is guessed that was not typed."""
    plain = make_plain(text, tight=True).text
    channels = [name for name, words in CHANNELS.items() if any(word in plain for word in words)]
    channel = "、".join(channels) or None
    if of := _OF.search(plain):
        return Passing(channel, read_number(of.group(1)), read_number(of.group(2)))
    total = _TOTAL.search(plain)
    rest = plain[: total.start()] + "，" + plain[total.end() :] if total else plain
    counts = [n for m in _HOUSEHOLDS.finditer(rest) if (n := read_number(m.group(1))) is not None]
    said = sum(counts) if counts else None
    whole = read_number(total.group(1)) if total else None
    return Passing(channel, whole if said is None else said, whole)
