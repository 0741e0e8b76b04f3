"""What all sheets share: cells tidied, the header row found, problems named by their cell."""

import difflib
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

Rows = Sequence[Sequence[str]]
SAME_AS_ABOVE = frozenset({"同上", "同前", '"', "''", "″", "〃", "“", "”"})
HEADER_WITHIN = 10


@dataclass(frozen=True)
class SheetError:
    """One thing wrong or doubtful in a sheet.

    `row`: as Excel counts, from 1 (0: the whole sheet); `column`: the header's word; `letter`: the column as
    Excel names it; `reason`: Chinese, with the right form.
    """

    row: int
    column: str
    value: str
    reason: str
    letter: str = ""

    @property
    def cell(self) -> str:
        """Return the cell as Excel names it ("C7"), "" when the problem is not in one cell."""
        return f"{self.letter}{self.row}" if self.letter and self.row else ""

    @property
    def where(self) -> str:
        """Return the place as a person finds it."""
        if not self.row:
            return "整张表"
        return f"{self.cell}({self.column})" if self.cell else f"第{self.row}行"


@lru_cache(maxsize=16_384)
def tidy(text: str) -> str:
    """Return a cell with full-width forms narrowed and no blanks at all."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def letter_of(column: int) -> str:
    """Return the Excel name of a column counted from 0."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def cell_at(row: Sequence[str], column: int | None) -> str:
    """Return the cell as written, "" where the row is shorter or the sheet has no such column."""
    return row[column].strip() if column is not None and column < len(row) else ""


def without_brackets(text: str) -> str:
    """Return a tidied cell without what stands in brackets."""
    return re.sub(r"\([^)]*\)|\[[^\]]*\]|【[^】]*】|\*", "", text)


def word_of(label: str, words: Mapping[str, str]) -> str | None:
    """Return what a header's cell means, trying it with and without its brackets."""
    whole = tidy(label).lower()
    return words.get(whole) or words.get(without_brackets(whole))


def nearest(word: str, words: Collection[str]) -> str:
    """Return a clause naming the nearest known word, "" when none is near. A suggestion only."""
    near = difflib.get_close_matches(word, sorted(words), n=1, cutoff=0.4)
    return f"，是不是“{near[0]}”" if near else ""


def as_line(row: Sequence[str]) -> str:
    """Return a row as one line, to show what was found."""
    return " | ".join(cell.strip() for cell in row if cell.strip())
