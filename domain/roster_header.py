"""The header of a roster with days down: one to three rows; posts may stand under shifts and over name and phone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain.roster_label import Label, ShiftSaid, Words
from domain.sheet import HEADER_WITHIN, Rows, cell_at, letter_of, tidy

DEPTH = 3
ORDER = ("leader", "officer", "deputy", "driver")
WANT = "日期、星期、带班领导、电话、值班员（主班）、电话、副班、驾驶员"


@dataclass(frozen=True)
class NameColumn:
    """A column of names: its post ("" when another column or the role tells), its shift if it has one.

    `label`: its header as written; `phone`: the phone column beside it.
    """

    post: str
    column: int
    label: str
    phone: int | None = None
    shift: ShiftSaid | None = None

    @property
    def letter(self) -> str:
        """Return the column as Excel names it."""
        return letter_of(self.column)


@dataclass(frozen=True)
class RosterHeader:
    """Where a roster keeps what; `row` is the last header row, from 1. `shift`, `post`: columns that tell these.

    `unknown`: columns whose header means nothing here, with it; `month`: where it stands beside the day.
    """

    row: int
    first: int
    date: int
    weekday: int | None
    names: tuple[NameColumn, ...]
    shift: int | None = None
    post: int | None = None
    unknown: tuple[tuple[int, str], ...] = ()
    month: int | None = None

    @property
    def split(self) -> bool:
        """Return True if shifts stand beside one another."""
        return any(name.shift for name in self.names)


def find_header(rows: Rows, words: Words) -> RosterHeader | None:
    """Return the header within the first ten rows, the deepest that reads as one; None without any."""
    for number in range(min(HEADER_WITHIN, len(rows))):
        for depth in range(DEPTH, 0, -1):
            lines = rows[number : number + depth]
            if len(lines) == depth and (found := _header(number, lines, words)):
                return found
    return None


def _header(first: int, lines: Rows, words: Words) -> RosterHeader | None:
    width = max(map(len, lines))
    if sum(words.read(cell) is not None for cell in lines[0] if tidy(cell)) < 2:  # noqa: PLR2004 - a title has no two labels
        return None
    if any(not _is_sub(line, words) for line in lines[1:]):
        return None
    paths = _paths(lines, width)
    labels = [_label(path, words) for path in paths]
    at = {label.kind: n for n, label in reversed(list(enumerate(labels))) if label}
    if "date" not in at and "time" not in at:
        return None
    day = at.get("date", at.get("time", 0))
    names = _names(labels, paths)
    if not names:
        return None
    shift = at.get("shift", at.get("time") if "date" in at else None)
    strange = tuple((n, "".join(path)) for n, path in enumerate(paths) if path and labels[n] is None)
    row = first + len(lines)
    return RosterHeader(
        row, first + 1, day, at.get("weekday"), names, shift, at.get("post"), strange, at.get("month")
    )


def _is_sub(line: Sequence[str], words: Words) -> bool:
    """Return True if a row under a header's first belongs to it: it holds labels only."""
    found = [words.read(cell) for cell in line if tidy(cell)]
    return any(label and label.kind in ("on", "phone", "name") for label in found) and all(found)


def _paths(lines: Rows, width: int) -> list[list[str]]:
    """Return for each column its header cells from top to bottom; a cell reaches over the blanks to its right."""
    paths = []
    over = [""] * len(lines)
    for column in range(width):
        path = [cell_at(line, column) for line in lines]
        for level in range(len(lines) - 1):
            if path[level]:
                over[level:] = [path[level], *[""] * (len(lines) - level - 1)]
            elif any(path[level + 1 :]):
                path[level] = over[level]
        paths.append([cell for cell in path if cell])
    return paths


def _label(path: Sequence[str], words: Words) -> Label | None:
    """Return what a column is by the cells over it: the lowest says what it holds, those above of whom."""
    read = [label for cell in path if (label := words.read(cell))]
    if not read:
        return None
    last = read[-1]
    if last.kind == "date" or len(read) == 1:
        return last
    if last.kind == "shift" and any(label.kind == "on" for label in read):
        return Label("skip")
    said = [label for label in read if label.kind == "on"]
    shift = next((label.shift for label in said if label.shift), None)
    if last.kind in ("name", "on"):
        post = next((label.post for label in reversed(said) if label.post), "")
        return Label("on", post, shift) if said else last
    return replace(last, shift=shift)


def _names(labels: Sequence[Label | None], paths: Sequence[Sequence[str]]) -> tuple[NameColumn, ...]:
    kinds = [label.kind if label else None for label in labels]
    alone = "on" not in kinds  # 姓名 is a column of its own only where no post stands beside it
    found = []
    for column, label in enumerate(labels):
        if label and (label.kind == "on" or (label.kind == "name" and alone)):
            post = label.post or ("" if label.kind == "name" else "officer")
            word = "".join(tidy(cell) for cell in paths[column] if tidy(cell) not in ("姓名", "名字"))
            found.append(NameColumn(post, column, word or "姓名", _phone_beside(kinds, column), label.shift))
    return tuple(found)


def _phone_beside(kinds: Sequence[str | None], column: int) -> int | None:
    """Return the phone column that belongs to names: the first to their right before the next names."""
    for right in range(column + 1, len(kinds)):
        if kinds[right] == "phone":
            return right
        if kinds[right] in ("on", "name", "date", "weekday"):
            return None
    return None
