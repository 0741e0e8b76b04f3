"""What a first report's document has to carry of a hurried line beyond the elements that were read of it.

A document that leaves something out is 漏报 (domain.md §2.7): what no element holds is quoted in its own words.
"""

import re
from collections.abc import Iterable

from domain.pattern import Pattern
from domain.plain import make_plain
from domain.report_actions import clauses

_FILLER = Pattern(
    r"值班室|领导|你好|您好|喂|报告|刚才|刚刚|我是|我们|咱们|这里|这边|现在|目前|联系电话|联系人|电话|手机"
    r"|来电|反映|好像|可能|有人|具体|情况|不清楚|[的了啊呀吧呢吗在都有也就是说我报着还附]|\W|_"
)
_NUMBER = Pattern(r"\d+|[一二两三四五六七八九十百几数]+")
_LABEL = Pattern(r"死亡|遇难|受伤|失踪|失联|被困|转移|疏散|涉及|死|伤")
_CAUSE = Pattern(r"起因|原因|由于|因为|导致|引起|引发")
_UNSURE = Pattern(r"不明|不清|不详|不知|正在|核[实查]|待查|未知|什么|调查")
_COMMAND = Pattern(
    r"^\s*(?:[/／][a-zA-Z]+|首报|续报|终报|补报|正文)?[\s:：,，]*(?:[EeＥｅ]\s*\d{1,9}(?!\d))?[\s:：,，]*"
)
_EMPTY = Pattern(
    r"(?:具体|详细|其他)?的?(?:情况)?(?:还|都|也)?(?:不清楚|不知道|不详|不明)|要不要.*|有没有人.{0,4}(?:不知道|不清楚|不详)"
    r"|联系人[:：]?[一-龥]{0,8}|.{0,6}几点.{0,4}不知道.{0,4}(?:打来的?|报的?)"
)
"""Clauses without news: what is unknown is said to be under verification, who called is said in its own place."""
_FULL_STOP = Pattern(r"[。！？!?]\s*$")


def trimmed(text: str) -> str:
    """Return an officer's own words as the body of a report: without the command and the number at their head."""
    words = _COMMAND.sub("", text).strip()
    return words if not words or _FULL_STOP.search(words) else f"{words.rstrip('，,；;、')}。"


def untold(raw: str, told: Iterable[str], where_and_when: Iterable[str]) -> tuple[str, ...]:
    """Return the clauses of a hurried line that none of the pieces `told` holds, verbatim.

    A clause that names the event, by its time or place or by standing first, counts as told unless it counts something;
    without `where_and_when` (the kind was not read) none does.
    """
    heads = [piece for piece in where_and_when if piece]
    pieces = sorted({piece for piece in (*told, *heads) if piece}, key=len, reverse=True)
    found = []
    for number, clause in enumerate(clauses(make_plain(raw, tight=False).text)):
        if _EMPTY.fullmatch(re.sub(r"\d{1,2}[:：]\d{2}", "", clause)):
            continue
        left = clause
        for piece in pieces:
            left = left.replace(piece, "")
        names_event = (
            heads and (number == 0 or any(piece in clause for piece in heads)) and not _counts(left, pieces)
        )
        if not names_event and len(_FILLER.sub("", _LABEL.sub("", left))) > 1:
            found.append(clause)
    return tuple(dict.fromkeys(found))


def _counts(words: str, told: Iterable[str]) -> bool:
    """Return True if words hold a number that none of the pieces told holds."""
    known = {number for piece in told for number in _NUMBER.findall(piece)}
    return any(number not in known for number in _NUMBER.findall(words))


def cause_told(raw: str) -> bool:
    """Return True if somebody said what caused it, and not only that this is unknown."""
    return any(_CAUSE.search(clause) and not _UNSURE.search(clause) for clause in clauses(raw))
