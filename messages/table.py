"""A table to be drawn: cells by row and column, their colours, the font to draw with. No drawing here."""

from dataclasses import dataclass
from pathlib import Path

PAPER, INK, RULE, HEAD, RED, GREY = "#ffffff", "#1c2733", "#b9c4cf", "#1f4e79", "#c62828", "#7d8b99"


@dataclass(frozen=True)
class Typeface:
    """A font file, and which of its faces where it holds several."""

    path: Path
    index: int = 0


@dataclass(frozen=True)
class Cell:
    """A cell: pieces kept whole where they fit, `alarm` in red below them, its rows, columns and colours."""

    pieces: tuple[str, ...] = ()
    joint: str = "、"
    alarm: str = ""
    down: int = 1
    across: int = 1
    tint: str = PAPER
    ink: str = INK
    bold: bool = False


@dataclass(frozen=True)
class Table:
    """What is drawn: cells by (row, column), rows above which a thicker line runs, legend (tint, ink, words), foot."""

    title: str
    header: tuple[str, ...]
    cells: dict[tuple[int, int], Cell]
    rows: int
    thick: frozenset[int] = frozenset()
    legend: tuple[tuple[str, str, str], ...] = ()
    foot: tuple[str, ...] = ()
