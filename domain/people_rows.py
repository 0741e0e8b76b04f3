"""The rows of a people sheet, each read by itself: header, level, roles, AB role, phone, account."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date

from domain.people import AB, Role, UnitLevel
from domain.people_words import AB_WITHIN, AB_WORDS, FOOT, HEADER_WORDS, LEVEL_WORDS, ROLE_WORDS, WORDS
from domain.phone import NotPhone, read_phone
from domain.sheet import (
    HEADER_WITHIN,
    SAME_AS_ABOVE,
    Rows,
    SheetError,
    as_line,
    cell_at,
    letter_of,
    nearest,
    tidy,
    without_brackets,
    word_of,
)

ALWAYS = ("unit", "role", "name", "phone")
TREE = ("unit", "parent", "level", "role", "name", "phone")
ENOUGH = 3  # known headers that make a row the header row


@dataclass(frozen=True)
class Header:
    """The header row (`row` from 1) and the column of each known header, from 0."""

    row: int
    columns: dict[str, int]


@dataclass(frozen=True)
class Draft:
    """One row as read; `*_wrong` when a cell was refused already."""

    row: int
    unit: str
    parent: str
    level: UnitLevel | None
    roles: tuple[Role, ...]
    ab: AB | None
    name: str
    title: str
    phone: str
    telegram_id: int | None
    tags: tuple[str, ...] | None
    first_day: str | None
    last_day: str | None
    letters: dict[str, str]
    level_wrong: bool
    ab_wrong: bool

    def meets(self, other: "Draft") -> bool:
        """Return True if both roles are held on some day: two A-roles then compete."""
        return (self.first_day or "") <= (other.last_day or "9") and (other.first_day or "") <= (
            self.last_day or "9"
        )


def columns_of(row: Sequence[str]) -> dict[str, int]:
    """Return the column of each known header in a row, the first of its kind."""
    found: dict[str, int] = {}
    for index, label in enumerate(row):
        key = word_of(label, HEADER_WORDS)
        if key is not None:
            found.setdefault(key, index)
    return found


def find_header(rows: Rows, *, need_tree: bool) -> Header | SheetError:
    """Return the header row within the first ten, or what is missing. `need_tree`: level and parent too."""
    best = max(
        (Header(n, columns_of(row)) for n, row in enumerate(rows[:HEADER_WITHIN], 1)),
        key=lambda h: len(h.columns),
        default=Header(0, {}),
    )
    if len(best.columns) < ENOUGH:
        want = "、".join(WORDS[key] for key in TREE)
        first = as_line(rows[0])[:60] if rows else ""
        return SheetError(0, "表头", first, f"前 {HEADER_WITHIN} 行里没有找到表头，应有：{want}")
    missing = [WORDS[key] for key in (TREE if need_tree else ALWAYS) if key not in best.columns]
    if missing:
        line = as_line(rows[best.row - 1])
        return SheetError(best.row, "表头", line, f"缺少列：{'、'.join(missing)}。现在的表头是：{line}")
    return best


def read_drafts(rows: Rows, header: Header) -> tuple[list[Draft], list[SheetError], list[SheetError]]:
    """Return the rows below the header, with the errors and warnings of single cells."""
    drafts: list[Draft] = []
    errors: list[SheetError] = []
    warnings: list[SheetError] = []
    unit = ""
    for number, row in enumerate(rows[header.row :], header.row + 1):
        if not any(cell.strip() for cell in row) or _is_foot(row) or columns_of(row) == header.columns:
            continue
        reader = _Reader(number, row, header.columns, errors, warnings)
        draft = reader.read(unit)
        unit = draft.unit or unit
        drafts.append(draft)
    return drafts, errors, warnings


def _is_foot(row: Sequence[str]) -> bool:
    full = [tidy(cell) for cell in row if cell.strip()]
    return len(full) <= 2 and full[0].startswith(FOOT)  # noqa: PLR2004 - a word and its value


@dataclass
class _Reader:
    """Reads one row's cells and notes their problems."""

    number: int
    row: Sequence[str]
    columns: dict[str, int]
    errors: list[SheetError]
    warnings: list[SheetError]
    wrong: set[str] = field(default_factory=set)

    def read(self, unit_above: str) -> Draft:
        """Return the row; a blank unit is the one above (merged cells arrive blank)."""
        name = tidy(self._cell("name"))
        unit = self._unit(unit_above)
        roles, within = self._roles(named=bool(name))
        ab = self._ab(roles) or within
        return Draft(
            row=self.number,
            unit=unit,
            parent=tidy(self._cell("parent")),
            level=self._level(),
            roles=roles,
            ab=ab,
            name=name,
            title=self._cell("title"),
            phone=self._phone() if name else "",
            telegram_id=self._account() if name else None,
            tags=self._tags(),
            first_day=self._day("first_day"),
            last_day=self._day("last_day"),
            letters={key: letter_of(column) for key, column in self.columns.items()},
            level_wrong="level" in self.wrong,
            ab_wrong="ab" in self.wrong,
        )

    def _cell(self, key: str) -> str:
        text = cell_at(self.row, self.columns.get(key))
        return "" if key in {"parent", "level"} and tidy(text) in SAME_AS_ABOVE else text

    def _error(self, key: str, value: str, reason: str) -> None:
        self.wrong.add(key)
        self.errors.append(
            SheetError(self.number, WORDS[key], value, reason, letter_of(self.columns.get(key, 0)))
        )

    def _warn(self, key: str, value: str, reason: str) -> None:
        letter = letter_of(self.columns[key]) if key in self.columns else ""
        self.warnings.append(SheetError(self.number, WORDS[key], value, reason, letter))

    def _unit(self, above: str) -> str:
        unit = tidy(self._cell("unit"))
        if unit and unit not in SAME_AS_ABOVE:
            return unit
        if not above:
            self._error("unit", unit, "单位空着，请写单位名字")
        return above

    def _level(self) -> UnitLevel | None:
        text = tidy(self._cell("level")).lower()
        level = LEVEL_WORDS.get(text) or LEVEL_WORDS.get(without_brackets(text))
        if text and level is None:
            words = "、".join(level.word for level in UnitLevel)
            self._error("level", text, f"不认识的层级{nearest(text, LEVEL_WORDS)}；应为：{words}")
        return level

    def _roles(self, *, named: bool) -> tuple[tuple[Role, ...], AB | None]:
        """Return the roles of the cell and the AB role its words imply ("B角")."""
        roles: list[Role] = []
        within = None
        text = tidy(self._cell("role")).lower()
        if not named:
            if text and tidy(self._cell("phone")):
                self._error("name", "", "有角色和电话却没有姓名，请写姓名")
            return (), None
        for word in [text] if text in ROLE_WORDS else re.split(r"[、,/;+]", text):
            role = ROLE_WORDS.get(word) or ROLE_WORDS.get(without_brackets(word))
            if word and role is None:
                words = "、".join(role.word for role in Role)
                self._error("role", word, f"不认识的角色{nearest(word, ROLE_WORDS)}；应为：{words}")
            elif role is not None and role not in roles:
                roles.append(role)
                within = within or AB_WITHIN.get(word)
        if not text and tidy(self._cell("ab")):
            return (Role.CONTACT,), None
        if not text:
            self._error("role", "", f"角色空着，应为：{'、'.join(role.word for role in Role)}")
        return tuple(roles), within

    def _ab(self, roles: tuple[Role, ...]) -> AB | None:
        text = tidy(self._cell("ab")).lower()
        if not text or text in {"-", "—", "无"}:
            return None
        if roles and Role.CONTACT not in roles:
            self._warn("ab", text.upper(), "AB角只用于责任人，这一格没有用上")
            return None
        ab = AB_WORDS.get(text)
        if ab is None and roles:
            self._error("ab", text, "AB角应写 A 或 B")
        return ab

    def _phone(self) -> str:
        text = self._cell("phone")
        if not text:
            self._error(
                "phone", "", "电话空着，应为 11 位手机号（如 13800000001）或带区号的座机（如 022-28880000）"
            )
            return ""
        phone = read_phone(text)
        if isinstance(phone, NotPhone):
            self._error("phone", text, phone.reason)
            return ""
        if phone.note:
            self._warn("phone", text, f"{phone.note}:{phone.number}")
        return phone.number

    def _tags(self) -> tuple[str, ...] | None:
        """Return the unit's tags; None where the cell is empty, which leaves them as they are."""
        words = tuple(w for w in re.split(r"[、,，;；/\s]+", self._cell("tags").strip()) if w)
        return tuple(word[:16] for word in words) or None

    def _day(self, key: str) -> str | None:
        """Return the day as YYYY-MM-DD; a role without days is held always."""
        text = tidy(self._cell(key))
        if not text or text in {"-", "—", "无", "长期"}:
            return None
        if found := re.match(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})(?!\d)", text):
            with suppress(ValueError):
                return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
        self._error(key, text, "日期应写 2026-06-01；长期有效可以空着")
        return None

    def _account(self) -> int | None:
        text = tidy(self._cell("telegram_id"))
        if not text:
            return None
        if not re.fullmatch(r"[1-9][0-9]{0,15}", text):
            self._error("telegram_id", text, "账号应为一串数字（如 10001），不是 @ 用户名；不知道可以空着")
            return None
        return int(text)
