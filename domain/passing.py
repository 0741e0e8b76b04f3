"""How a warning was passed on to households, as a grid worker types it: 广播 120户, 微信群98/120户, 敲门二十户."""

import re
from dataclasses import dataclass

from domain.numerals import NUMBER, read_number
from domain.plain import make_plain, without_pictures

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


_ANSWER = re.compile(
    r"(?:好的?|嗯+|行|是|OK|ok)?[,.、 ]*(?:我?(?:已经?|均已?|都已?)?收到了?"
    r"(?=[,.、:!~ ]|$|收到|预警|通知|指令|信息|谢|马上|立[即刻]|这就)|(?:收悉|已阅|已?知悉|已?知晓)(?=[,.、:!~ ]|$)"
    r"|(?P<passed>(?:已经?|均已?|都已?|全部)+传达了?|(?:传达|通知)完(?:毕|了)"
    r"|(?:已经?|均已?|都已?|都|全部|全)+通知(?:到位|到户|到人|完毕|完|到(?=了))了?))[,.、:!~ ]*(?P<more>.*)",
    re.DOTALL,
)
_NO_ANSWER = re.compile(r"[?吗么没未不无非]|还有|还剩|除了|一半|部分")
"""What is asked, denied or done in part only is no answer; the person is asked what it is."""
_ANSWER_LENGTH = 40


_CANNOT = re.compile(r"(?:无法|没法|不能)传达[,.、:!~ ]*(?P<more>.*)", re.DOTALL)


_ARRIVED = re.compile(
    r"(?:我们?|咱们?|我队|队伍)?(?:(?:已经?|均已|都已?|现已)?(?:到达?现场|抵达现场|到场)|已经?到|到)(?:了|(?<!到)|(?<=已到)|(?<=已经到))"
    r"(?=[,.、:!~ \d]|$)[,.、:!~ ]*(?P<more>.*)",
    re.DOTALL,
)


def read_arrival(text: str) -> str | None:
    """Return the words behind 到场 as a unit at the scene says it (已到场 2车8人, 我们到了), None for another text."""
    words = without_pictures(text).replace("。", ".")
    found = _ARRIVED.fullmatch(words) if len(words) <= _ARRIVAL_LENGTH else None
    return found["more"].strip() if found and "?" not in words else None


_ARRIVAL_LENGTH = 120


def read_answer(text: str) -> tuple[str, str] | None:
    """Return 收到, 已传达 or 无法传达 and the words behind it (已传达 广播 30户), None for any other text."""
    words = without_pictures(text).replace("。", ".")
    cannot = _CANNOT.fullmatch(words)
    if cannot and "?" not in words and "吗" not in words:
        return "无法传达", cannot["more"].strip()
    found = _ANSWER.fullmatch(words) if len(words) <= _ANSWER_LENGTH else None
    if found is None or _NO_ANSWER.search(found["more"]):
        return None
    return "已传达" if found["passed"] else "收到", found["more"].strip()


_ON_DUTY = re.compile(
    r"(?:报告)?[,，:：\s]*(?:本人|我)?(?:已经?|现)?(?:到岗|到值班室)(?:了|啦)?(?:[,，。.!！~～\s].*)?",
    re.DOTALL,
)
_DECIDED = re.compile(r"(不)?(?:同意|批准)(?:了|啦)?(?:[\s:：,，.。!！~～]+(.*))?", re.DOTALL)


def says_arrived(text: str) -> bool:
    """Return True for 到岗 as people say it: 已到岗, 我到岗了，一切正常."""
    return _ON_DUTY.fullmatch(text) is not None


def read_decision(text: str) -> tuple[str, str] | None:
    """Return 同意 or 不同意 and the words behind it (批准 is 同意), None for any other text."""
    found = _DECIDED.fullmatch(text)
    return (f"{found[1] or ''}同意", (found[2] or "").strip()) if found else None
