"""The header of a roster sheet: one row, or two when posts span name and phone."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.roster_words import HEADER_WORDS, SPLIT
from domain.sheet import HEADER_WITHIN, Rows, SheetError, as_line, cell_at, letter_of, tidy, word_of

POSTS = ("leader", "officer", "deputy", "driver", "deputy_driver")
SUB_LABELS = frozenset({"姓名", "电话", "职务", "手机", "联系电话", "手机号", "联系方式"})
WANT = "日期、星期、带班领导、电话、值班员（主班）、电话、副班、驾驶员"


@dataclass(frozen=True)
class PostColumn:
    """A column of names: its post (or `deputy_driver`), its header as written, the phone column beside it."""

    post: str
    column: int
    label: str
    phone: int | None

    @property
    def letter(self) -> str:
        """Return the column as Excel names it."""
        return letter_of(self.column)


@dataclass(frozen=True)
class RosterHeader:
    """Where a roster sheet keeps what; `row` is the last header row, from 1."""

    row: int
    date: int
    weekday: int | None
    posts: tuple[PostColumn, ...]


def keys_of(labels: Sequence[str]) -> list[str | None]:
    """Return what each header cell means, None for an unknown one."""
    return [word_of(label, HEADER_WORDS) for label in labels]


def is_roster_header(keys: Sequence[str | None]) -> bool:
    """Return True if these headers make a roster: a date and a leader or an officer."""
    return "date" in keys and ("leader" in keys or "officer" in keys)


def find_header(rows: Rows) -> RosterHeader | SheetError:
    """Return the header within the first ten rows, or what is wrong with it."""
    for number, row in enumerate(rows[:HEADER_WITHIN], 1):
        below = rows[number] if number < len(rows) else ()
        labels = _two_rows(row, below) or list(row)
        if any(tidy(label).startswith(SPLIT) for label in labels) and "date" in keys_of(row):
            why = "这张表按白班、夜班分列，现在只收每天一行、一天一班的表，请改成每天一行"
            return SheetError(number, "表头", as_line(row), why)
        if is_roster_header(keys_of(labels)):
            return _header(number + (labels != list(row)), labels, row)
    first = as_line(rows[0])[:60] if rows else ""
    return SheetError(0, "表头", first, f"前 {HEADER_WITHIN} 行里没有找到值班表的表头，应有：{WANT}")


def _two_rows(top: Sequence[str], below: Sequence[str]) -> list[str] | None:
    """Join a header of two rows: 带班领导 over 姓名 and 电话 becomes 带班领导, 电话."""
    subs = [tidy(cell) for cell in below]
    if not any(sub in SUB_LABELS for sub in subs):
        return None
    labels, over = [], ""
    for column in range(max(len(top), len(subs))):
        over = cell_at(top, column) or over
        sub = subs[column] if column < len(subs) else ""
        labels.append(over if sub in ("", "姓名", tidy(over)) else sub)
    return labels


def _header(number: int, labels: Sequence[str], row: Sequence[str]) -> RosterHeader | SheetError:
    keys = keys_of(labels)
    missing = [
        word for key, word in (("leader", "带班领导"), ("officer", "值班员（主班）")) if key not in keys
    ]
    if missing:
        return SheetError(
            number, "表头", as_line(row), f"缺少列：{'、'.join(missing)}。现在的表头是：{as_line(row)}"
        )
    posts = [
        PostColumn(key, column, tidy(labels[column]), _phone_beside(keys, column))
        for column, key in enumerate(keys)
        if key in POSTS and key is not None
    ]
    weekday = keys.index("weekday") if "weekday" in keys else None
    return RosterHeader(number, keys.index("date"), weekday, tuple(posts))


def _phone_beside(keys: Sequence[str | None], column: int) -> int | None:
    """Return the phone column that belongs to a post: the first to its right before the next post."""
    for right in range(column + 1, len(keys)):
        if keys[right] == "phone":
            return right
        if keys[right] in POSTS or keys[right] in ("date", "weekday"):
            return None
    return None
