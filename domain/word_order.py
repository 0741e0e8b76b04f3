"""Puts an answer into the order it is read in: E1收到, 已收到 W1 and W1、W2收到 are 收到 E1, 收到 W1, 收到 W1、W2."""

import re
from collections.abc import Collection

from domain.answer_words import is_question, says_unchanged

_GAP = r"[\s:：,，、.。]"
_ALREADY = re.compile(
    rf"(?:好的?|嗯+|是|行|OK|ok)?{_GAP}*(?:我们?|咱们?)?(?:(?P<got>(?:已经?|均已?|都已?|全部)?收到)"
    r"|(?P<passed>(?:已经?|均已?|都已?|全部)+传达)|(?P<cannot>(?:无法|没法|不能)传达))了?"
    rf"{_GAP}*(?:预警|通知|报告|事件)?{_GAP}*(?=[A-Za-zＡ-Ｚａ-ｚ]\s*\d)"
)
_NUMBERS_FIRST = re.compile(
    rf"(?P<numbers>(?:[A-Za-zＡ-Ｚａ-ｚ]\s*\d{{1,9}}(?!\d)(?:{_GAP}|[和及])*)+)(?:已经?|均已?|都已?)?(?P<said>[一-龥].*)",
    re.DOTALL,
)
_CONSENT = re.compile(rf"(?:同意|可以|好的?|行|已阅){_GAP}*(?=签发)")
_ABOUT = re.compile(
    rf"(?P<before>[一-龥]+)?{_GAP}*(?P<numbers>(?:[EeＥｅ]\s*\d{{1,9}}(?!\d)(?:{_GAP}|[和及])*)+)(?(before)|(?P<behind>[一-龥]+)){_GAP}*"
)
_PHONED = re.compile(
    rf"^(?:已经?)?(?:打)?电话(?:已经?)?(?:报告?|汇报)(?:过|完|给)?了?{_GAP}*(?=[EeＥｅ]\s*\d)"
)
_ENDS = re.compile(rf"了?(?:$|{_GAP}|[!！~～\d]|特别重大|重大|较大|一般|电话|书面|[A-Za-zＡ-Ｚａ-ｚ]\s*\d)")
"""What may stand right behind an answer's word: 签发人是谁 is none."""
_ASKED = re.compile(r"[?？]|[吗么嘛](?:$|[。.!！])")


def word_first(text: str, words: Collection[str]) -> str:
    """Return an answer, or a question about it, with its word before its numbers; any other text as it is.

    `words`: those that may stand before a number.
    """
    text = _CONSENT.sub("", text) if _CONSENT.match(text) else text
    text = _PHONED.sub("已电话报告 ", text)
    about = _ABOUT.fullmatch(text)
    if about and says_unchanged(about["before"] or about["behind"]):
        return f"无变化 {about['numbers'].strip()}"
    if said := _ALREADY.match(text):
        word = "收到" if said["got"] else "已传达" if said["passed"] else "无法传达"
        return text if _ASKED.search(text) else f"{word} {text[said.end() :]}"
    first = _NUMBERS_FIRST.fullmatch(text)
    if first is None:
        return text
    starts = [first.start("said"), first.end("numbers")]  # 已传达 is a word of its own, 已收到 is 收到
    found = [(at, w) for at in starts for w in words if text.startswith(w, at)]
    at, word = max(found, key=lambda one: len(one[1]), default=(0, ""))
    behind = text[at + len(word) :]
    if not word or (not is_question(behind) and (_ASKED.search(text) or not _ENDS.match(behind))):
        return text
    return (
        f"{word} {first['numbers'].strip()} {behind.removeprefix('了').lstrip(' ,，、:：。.!！~～')}".strip()
    )


_NUMBER_FIRST = re.compile(r"\s*[A-Za-zＡ-Ｚａ-ｚ]\s*\d|\s*\d+(?:\s|[:：,，]|$)")
_INCIDENT = re.compile(r"(?<![A-Za-z0-9])E\d{1,9}(?!\d)")


def begins_with_number(words: str) -> bool:
    """Return True if words behind a command begin with the number of an event: E7 …, 7 …, not 2人受伤."""
    return _NUMBER_FIRST.match(words) is not None


def only_incident(said: str) -> str | None:
    """Return the one incident a message of the bot names, None where it names none or several."""
    named = set(_INCIDENT.findall(said))
    return named.pop() if len(named) == 1 else None
