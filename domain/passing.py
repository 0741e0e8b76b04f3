"""How a warning was passed on to households, as a grid worker types it: 广播 120户, 微信群98/120户, 敲门二十户."""

import re
from dataclasses import dataclass

from domain.numerals import NUMBER, read_number
from domain.plain import make_plain

CHANNELS: dict[str, tuple[str, ...]] = {
    "广播": ("广播", "大喇叭", "喇叭", "村村响"),
    "微信群": ("微信", "群里", "工作群", "居民群", "业主群", "群发"),
    "电话": ("电话", "外呼"),
    "短信": ("短信",),
    "敲门": ("敲门", "入户", "上门", "逐户", "挨家"),
    "鸣锣吹哨": ("鸣锣", "敲锣", "吹哨", "锣", "哨"),
}
_NOT = r"(?:没有?|未|无法|不能|不通|不了|无)"
_NUMBER = rf"(?<![\d./＋+eE-])(\d{{1,5}}|{NUMBER})(?![\d.])"
_OF = re.compile(rf"{_NUMBER}户?(?:/|之){_NUMBER.replace('/', '')}户")
_TOTAL = re.compile(rf"(?:共|总共|一共|全部|应通知|应传达|总数|合计){_NUMBER}户")
_HOUSEHOLDS = re.compile(rf"{_NUMBER}(?:多|余)?户")
_REST = re.compile(r"没|未|不在|还有|还剩|剩|空|缺|拒|联系不上|搬")
"""Words of a part that is about those not told, or of a breakdown: its numbers are no result."""


@dataclass(frozen=True, slots=True)
class Passing:
    """By which channels, to how many households, of how many; None: not said, or not said clearly."""

    channel: str | None
    households: int | None
    total: int | None


def read_passing(text: str) -> Passing:
    """Return what a report of passing on says; where several numbers could be meant, none is taken."""
    plain = re.sub(r"[(（][^)）]*[)）]", "", make_plain(text, tight=True).text)
    channels = [name for name, words in CHANNELS.items() if any(_said(plain, word) for word in words)]
    channel = "、".join(channels) or None
    told, total = _counts(plain)
    if told is not None and total is not None and told > total:
        return Passing(channel, None, None)
    return Passing(channel, told, total)


def _said(plain: str, word: str) -> bool:
    """Return True where a channel is named as used: 没有广播 is not."""
    return any(
        not re.search(rf"{_NOT}[用打发]?$", plain[: m.start()]) and not re.match(_NOT, plain[m.end() :])
        for m in re.finditer(word, plain)
    )


def _counts(plain: str) -> tuple[int | None, int | None]:
    if re.search(r"\d,\d{3}户", plain):
        return None, None  # 1,200户, or two numbers
    if of := _OF.search(plain):
        return read_number(of.group(1)), read_number(of.group(2))
    total = _TOTAL.search(plain)
    whole = read_number(total.group(1)) if total else None
    rest = plain[: total.start()] + "," + plain[total.end() :] if total else plain
    told = [m.group(1) for part in re.split(r"[,，、;；。\n]", rest) if not _REST.search(part)
            for m in _HOUSEHOLDS.finditer(part)]  # fmt: skip
    if len(told) == 1:
        return read_number(told[0]), whole
    return (whole if not told and not _REST.search(rest) else None), whole
