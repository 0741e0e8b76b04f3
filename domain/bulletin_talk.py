"""Tells an announcement from talk about one: questions, receipts, plans, the past, what may yet come."""

import re

_ASK_FOR_RECEIPT = re.compile(
    r"收到(?:后)?(?:请|速)?(?:回复|回|转发|转|确认)|请(?:收到|及时收)后?(?:回复|转发)?"
)
_MAYBE = re.compile(
    r"可能|或将|不排除|如果|如遇|如有|如(?=[一-龥]{0,8}(?:升级|发布|出现|接到|启动|解除))|若(?!羌|尔盖)|一旦|视情|适时|是不是|有没有|会不会|要不要|什么时候|假设|模拟|演练方案|每当"
)
_IN_GENERAL = re.compile(r"预案|标准|是否|一般情况")
_ASKING = re.compile(r"[吗么嘛]")
_ASKED = re.compile(r"[?呢]$")
_TOLD = re.compile(r"收到|已转|转给|已发|发到群|通知到|已通知|已传达|叫应|已读|未应答|回复|接到|接报")
_READ_BACK = re.compile(r"知晓|收悉|明白|复述(?:完毕|如下)|传达到位|转发(?:至|到|给)")
_PAST = re.compile(
    r"昨天|昨日|昨晚|前天|前日|上周|上月|本月|本周|去年|今年以来|先后|累计发布|多次|共发布|曾经|曾于"
)
_NOT = re.compile(
    r"(?:没有|尚未|还未|还没|未(?![来央])|没)[一-龥]{0,4}(?:解除|发布|升级|取消|降级)|(?:解除|发布|升级|取消)之?前"
)
_FORETOLD = re.compile(r"[,;]?(?:预计|预报|可能|或将|不排除|后期|请(?!示)|要求|务必|提醒|预警时效|有效期)")
_AFTERWARDS = re.compile(
    r"^(?:预警信号|信号|预警|警报)?[\])】/]?(?:之?后(?![半期天])|以后|以来|期间|时(?!\d|[段效间])|前(?![半期])|的(?!预警)|下(?![发午周])|了$|标准|含义|应对|响应措施|防御(?!指南)|处置)"
)
_SAID = re.compile(r"(?:发布|解除|更新|升级)(?:过|了)")
_NOTICE = re.compile(r"^[^,]{0,4}关于")


def foretold(text: str, start: int) -> int:
    """Return where, after text[start], the statement turns from what is done to what is expected or advised."""
    match = _FORETOLD.search(text, start)
    return match.start() if match else len(text)


def is_hypothetical(before: str, *, dated: bool) -> bool:
    """Return True when what stands before the warning makes it one that may come, or none at all.

    In a statement with its date only the clause of the warning itself counts: what may come stood before it.
    """
    if dated:
        return bool(_MAYBE.search(before.rpartition(",")[2]))
    return bool(_MAYBE.search(before) or _IN_GENERAL.search(before))


def is_asked(after: str, said: str) -> bool:
    """Return True for a question: a word of asking in what is said, or its mark at the very end."""
    return bool(_ASKING.search(said) or _ASKED.search(after))


def is_read_back(text: str) -> bool:
    """Return True for an answer that repeats the warning: "…,我已知晓"."""
    return bool(_READ_BACK.search(text))


def is_told(text: str) -> bool:
    """Return True when receiving or passing on is told of (a request to confirm receipt is none)."""
    return bool(_TOLD.search(_ASK_FOR_RECEIPT.sub("", text)))


def is_past(before: str) -> bool:
    """Return True when the warning stands in a story: it came yesterday, several came."""
    return bool(_PAST.search(before))


def is_aside(after: str) -> bool:
    """Return True when what follows the warning makes it part of another saying: "…预警期间", "…预警的通知"."""
    return bool(_AFTERWARDS.match(after))


def is_denied(text: str) -> bool:
    """Return True when the verb is denied or still to come: "还没解除", "解除前"."""
    return bool(_NOT.search(text))


def is_spoken(text: str) -> bool:
    """Return True for the spoken form "发布了", or a notice's title "关于…"."""
    return bool(_SAID.search(text) or _NOTICE.match(text))
