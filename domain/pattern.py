"""Regular expressions that are compiled when they are first used, or all at once when there is time.

Compiling them takes a third of what a start of the program may take, and what they read comes later.
"""

import re
import sys
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import ClassVar


class Pattern:
    """A regular expression as `re.compile` makes it, later."""

    made: ClassVar[list["Pattern"]] = []
    """Every one there is."""

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.pattern, self.flags = pattern, flags
        self.made.append(self)

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """What `re.compile` makes of it; raises re.error for a wrong one."""
        return re.compile(self.pattern, self.flags)

    def match(self, text: str, pos: int = 0, endpos: int = sys.maxsize) -> re.Match[str] | None:
        """As `re.Pattern.match`."""
        return self.compiled.match(text, pos, endpos)

    def fullmatch(self, text: str, pos: int = 0, endpos: int = sys.maxsize) -> re.Match[str] | None:
        """As `re.Pattern.fullmatch`."""
        return self.compiled.fullmatch(text, pos, endpos)

    def search(self, text: str, pos: int = 0, endpos: int = sys.maxsize) -> re.Match[str] | None:
        """As `re.Pattern.search`."""
        return self.compiled.search(text, pos, endpos)

    def finditer(self, text: str, pos: int = 0, endpos: int = sys.maxsize) -> Iterator[re.Match[str]]:
        """As `re.Pattern.finditer`."""
        return self.compiled.finditer(text, pos, endpos)

    def findall(self, text: str) -> list[str]:
        """As `re.Pattern.findall`, of a pattern with at most one group."""
        return self.compiled.findall(text)

    def split(self, text: str, maxsplit: int = 0) -> list[str]:
        """As `re.Pattern.split`."""
        return [part for part in self.compiled.split(text, maxsplit) if part is not None]

    def sub(self, by: str | Callable[[re.Match[str]], str], text: str, count: int = 0) -> str:
        """As `re.Pattern.sub`."""
        return self.compiled.sub(by, text, count)


def compile_all() -> None:
    """Compile what was not used yet, so that the first report after a start is read as fast as the next."""
    for one in Pattern.made:
        one.compiled.match("")
