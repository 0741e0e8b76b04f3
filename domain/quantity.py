"""One quantity phrase as a figure: "约5、6户", "二十余人", "十五六个", "不到10人"."""

import re

from domain.figure_settle import Figure
from domain.figure_words import JOINED, PAIR, VAGUE
from domain.numerals import read_number

_FLOOR, _CEILING = ("至少", "不少于", "超过", "起码", "最少"), ("不到", "近", "将近")


def _span(core: str) -> tuple[int | None, int | None]:
    """Return (low, high) of "四五十", "十五六", "5、6", "40-50"; equal ends for one number."""
    pair = re.fullmatch(
        r"([二三四五六七八九]?十|[一二三四五六七八九][千百])?([一二三四五六七八九])([一二三四五六七八九])([十百]?)",
        core,
    )
    if pair:
        before, *digits, unit = pair.groups()
        ends = [read_number(f"{before or ''}{digit}{unit}") for digit in digits]
        return ends[0], ends[1]
    parts = [read_count(part.strip()) for part in re.split(r"[-~—至到、或,]者?", core)]
    return (parts[0], parts[-1]) if parts and None not in parts else (None, None)


def read_count(word: str) -> int | None:
    """Return the value of a number word, 俩 and 仨 with it."""
    return read_number({"俩": "两", "仨": "三"}.get(word, word))


def read_quantity(text: str) -> Figure | None:
    """Return the figure of one quantity phrase ("约5、6户", "二十余人"), None when it holds no number."""
    words = re.sub(r"^(?:得?有个?|是)", "", text.strip())
    found = re.search(rf"{PAIR}|{JOINED}", text)
    if (
        re.search(VAGUE, text)
        and not re.search(r"[二三四五六七八九]十几", text)
        and not (found and re.search(r"\d", found.group()))
    ):
        return Figure(None, None, None, words)
    if found is None:
        return None
    low, high = _span(found.group())
    if low is None or high is None or high < low:
        return Figure(None, None, None, words)
    if low != high:
        return Figure(None, low, high, words)
    after = text[found.end() :].strip()
    if after[:1] in {"余", "多", "来", "几"} or after.endswith(("以上", "开外")) or words.startswith(_FLOOR):
        return Figure(None, low, None, words)
    if words.startswith(_CEILING):
        return Figure(None, None, low, words)
    return Figure(low, None, None, words)
