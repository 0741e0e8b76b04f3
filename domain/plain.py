"""Text as typed made plain for reading, with the way back to the very characters that were typed.

Widths, compatibility forms and invisible characters differ between keyboards; the words do not.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Plain:
    """Plain text and, for each of its characters, the index in `source` it came from."""

    text: str
    source: str
    at: tuple[int, ...]

    def original(self, start: int, end: int) -> str:
        """Return the typed characters behind plain[start:end], verbatim."""
        if start >= end:
            return ""
        return self.source[self.at[start] : self.at[end - 1] + 1]


UNKNOWN = frozenset({"Cn", "Co", "Cs"})
"""Characters shown as a box: what stands on both sides of one is not one number."""


@lru_cache(maxsize=4096)
def _keep(char: str, *, tight: bool) -> str:
    if char == "\n":
        return char
    if char.isspace() or unicodedata.category(char) in UNKNOWN:
        return "" if tight else " "
    return char if is_visible(char) else ""


def is_visible(char: str) -> bool:
    """Return False for marks without a shape of their own: zero-width, control, variation selectors."""
    return unicodedata.category(char) not in {"Cf", "Cc", "Cn", "Co", "Cs", "Mn"}


def make_plain(text: str, *, tight: bool) -> Plain:
    """Return `text` in NFKC without invisible characters; `tight` also drops blanks (never line ends)."""
    chars: list[str] = []
    at: list[int] = []
    for index, typed in enumerate(text.replace("\r", "\n")):
        for char in unicodedata.normalize("NFKC", typed):
            kept = _keep(char, tight=tight)
            if kept == " " and chars and chars[-1] in " \n":
                continue
            if kept:
                chars.append(kept)
                at.append(index)
    return Plain("".join(chars), text, tuple(at))


_PICTURE = re.compile(r"\[[A-Za-z一-龥]{1,4}\]")


def without_pictures(text: str) -> str:
    """Return a text in usual widths without pictures (🙏, and [抱拳] as other programs write them)."""
    words = _PICTURE.sub("", unicodedata.normalize("NFKC", text))
    return "".join(c for c in words if is_visible(c) and unicodedata.category(c) not in ("So", "Sk")).strip()
