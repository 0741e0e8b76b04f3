"""The four levels as words: Ⅰ级 to Ⅳ级 and 特别严重 to 一般, which are the colours (domain.md §3.1)."""

import re

from domain.bulletin_reading import Colour

_RANKS = {
    Colour.RED: ("I级", "1级", "一级", "特别严重", "特别重大"),
    Colour.ORANGE: ("II级", "2级", "二级", "严重", "重大"),
    Colour.YELLOW: ("III级", "3级", "三级", "较重", "较大"),
    Colour.BLUE: ("IV级", "4级", "四级", "一般"),
}
_COLOUR_OF = {word: colour for colour, words in _RANKS.items() for word in words}
NUMBERED = r"(?:I{1,3}|IV|[1-5一二三四五])级"
_RISING = {"二": Colour.BLUE, "三": Colour.YELLOW, "四": Colour.ORANGE, "五": Colour.RED}
_RISING |= dict(zip("2345", _RISING.values(), strict=True))
WORDED = r"(?:特别严重|严重|较重|一般)"
_MARKED = re.compile(rf"[\[(/【]({NUMBERED}|{WORDED})(?=[\])/】、,:。\n]|$)")


def colour_of_level(word: str, *, rising: bool = False) -> Colour | None:
    """Return the colour of a level's word in plain text ("II级", "严重"), None for any other word.

    `rising` is for hazards whose numbers grow with the danger; Roman numerals fall for all.
    """
    upwards = _RISING.get(word.removesuffix("级")) if rising and word.endswith("级") else None
    return upwards or _COLOUR_OF.get(word)


def marked_levels(text: str, *, rising: bool = False) -> set[Colour]:
    """Return the levels that stand in brackets or behind a slash: "[II级/严重]", "/III/较重"."""
    found = (colour_of_level(m.group(1), rising=rising) for m in _MARKED.finditer(text))
    return {colour for colour in found if colour}
