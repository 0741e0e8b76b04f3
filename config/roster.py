"""Posts, shift templates and special periods as data: each is one line, the same in a TOML file and in the chat.

A line holds no commas, so that a list of lines may be typed with commas between them. Times of day are the room's.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, time
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer

POSTS = {"leader": "带班领导", "officer": "主班", "deputy": "副班", "driver": "驾驶员"}
"""The posts every office has (product.md §4), by key; an office's own posts are called by their own name."""
POST_ROLES = {
    "leader": ("带班领导",),
    "officer": ("值班员", "副班"),
    "deputy": ("副班", "值班员"),
    "driver": ("驾驶员",),
}
"""Whose role fits a post."""
ROLE_WORDS = ("值班员", "副班", "带班领导", "驾驶员", "责任人", "信息报告员", "管理员")
DAY_KINDS = ("工作日", "休息日", "节假日", "调休上班")
WEEKDAYS = tuple(f"周{day}" for day in "一二三四五六日")
DAY_WORDS = {"周末": "休息日", "双休日": "休息日", "节日": "节假日", "假日": "节假日", "调休": "调休上班"}
ALIASES = {"领导": "leader", "值班员": "officer", "值班": "officer", "司机": "driver"}
KEYS = {word: key for key, word in POSTS.items()} | {key: key for key in POSTS} | ALIASES
TEMPLATE = "白班 08:30-17:30 工作日 6.15-9.15 主班1 副班1"
PERIOD = "国庆 2026.10.1-2026.10.7 带班领导2"
EXTRA_POST = "值班长 值班员 副班"


class Line(BaseModel):
    """What one line says."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ExtraPost(Line):
    """An office's own post and the roles (in words) whose holders fit it."""

    name: str
    roles: tuple[str, ...]


class ShiftTemplate(Line):
    """One shift: from `start` to `end` (not after `start`: on the next day) on days of these kinds and season.

    `days`: kinds or weekdays in words, none for every day. `season`: first and last (month, day), over the
    year's end where the first is later. `posts`: how many people by post, none for the required posts once each.
    """

    name: str
    start: time
    end: time
    days: tuple[str, ...] = ()
    season: tuple[tuple[int, int], tuple[int, int]] | None = None
    posts: Mapping[str, int] = {}

    def holds_on(self, day: date, kind: str) -> bool:
        """Return True if this shift begins on that day, which is of that kind."""
        if self.days and kind not in self.days and WEEKDAYS[day.weekday()] not in self.days:
            return False
        if self.season is None:
            return True
        first, last = self.season
        at = (day.month, day.day)
        return first <= at <= last if first <= last else at >= first or at <= last


class Period(Line):
    """A time with more people on duty: at least so many by post, both days included (双带班, domain.md §1.7)."""

    name: str
    first: date
    last: date
    posts: Mapping[str, int]


def narrow(text: str) -> str:
    """Return a typed line with full-width forms narrowed and its dashes in one form."""
    return re.sub(r"\s*[-—–~～至到]+\s*", "-", unicodedata.normalize("NFKC", text)).strip()


def read_counts(words: list[str]) -> dict[str, int]:
    """Return how many by post key of words such as 主班1 or 带班领导2人; raise ValueError for another word."""
    counts = {}
    for word in words:
        found = re.fullmatch(r"([^\d]+?)([0-9])人?", word)
        if found is None:
            raise ValueError(f"「{word}」看不懂，人数写作 主班1")
        counts[KEYS.get(found[1], found[1])] = int(found[2])
    return counts


def write_counts(posts: Mapping[str, int]) -> str:
    """Return the words read_counts reads back."""
    return " ".join(f"{POSTS.get(key, key)}{count}" for key, count in posts.items())


def read_template(text: str) -> ShiftTemplate:
    """Return the shift of a line such as `夜班 17:30-08:30 工作日 6.15-9.15 主班1`; raise ValueError."""
    name, *words = narrow(text).split() or [""]
    hours = re.fullmatch(r"(\d{1,2}):(\d{2})-(?:次日|第二天)?(\d{1,2}):(\d{2})", words[0] if words else "")
    if not name or hours is None or re.search(r"\d:", name):
        raise ValueError(f"班次写作：{TEMPLATE}")
    start, end = _clock(hours[1], hours[2]), _clock(hours[3], hours[4])
    days, season, rest = [], None, []
    for word in words[1:]:
        if (day := DAY_WORDS.get(word, word).replace("周天", "周日")) in (*DAY_KINDS, *WEEKDAYS):
            days.append(day)
        elif word not in ("每天", "每日"):
            found = re.fullmatch(r"(\d{1,2})[.月](\d{1,2})日?-(\d{1,2})[.月](\d{1,2})日?", word)
            season = _season(*map(int, found.groups())) if found else season
            rest += [] if found else [word]
    return ShiftTemplate(
        name=name, start=start, end=end, days=tuple(days), season=season, posts=read_counts(rest)
    )


def _clock(hour: str, minute: str) -> time:
    if int(hour) == 24 and int(minute) == 0:  # noqa: PLR2004 - 24:00 is how offices write midnight
        return time(0)
    try:
        return time(int(hour), int(minute))
    except ValueError:
        raise ValueError(f"没有 {hour}:{minute} 这个钟点，请写 08:30") from None


def _season(m1: int, d1: int, m2: int, d2: int) -> tuple[tuple[int, int], tuple[int, int]]:
    for month, day in ((m1, d1), (m2, d2)):
        try:
            date(2028, month, day)  # a leap year: 2.29 is a day
        except ValueError:
            raise ValueError(f"没有 {month}.{day} 这一天，季节写作 6.15-9.15") from None
    return (m1, d1), (m2, d2)


def write_template(template: ShiftTemplate) -> str:
    """Return the line read_template reads back."""
    season = ""
    if template.season is not None:
        season = "-".join(f"{month}.{day}" for month, day in template.season)
    hours = f"{template.start:%H:%M}-{template.end:%H:%M}"
    parts = (template.name, hours, *template.days, season, write_counts(template.posts))
    return " ".join(part for part in parts if part)


def read_period(text: str) -> Period:
    """Return the period of a line such as `国庆 2026.10.1-2026.10.7 带班领导2`; raise ValueError."""
    name, *words = narrow(text).split() or [""]
    found = re.fullmatch(
        r"(20\d\d)[.年](\d{1,2})[.月](\d{1,2})日?(?:-(?:(20\d\d)[.年])?(?:(\d{1,2})[.月])?(\d{1,2})日?)?",
        words[0] if words else "",
    )
    if found is None or len(words) == 1:
        raise ValueError(f"加强值班写作：{PERIOD}")
    year, month, day = int(found[1]), int(found[2]), int(found[3])
    last = (int(found[4] or year), int(found[5] or month), int(found[6] or day))
    try:
        period = Period(
            name=name, first=date(year, month, day), last=date(*last), posts=read_counts(words[1:])
        )
    except ValueError as error:
        raise ValueError(str(error) if "看不懂" in str(error) else f"日期不对，写作：{PERIOD}") from None
    if period.last < period.first:
        raise ValueError("结束日期早于开始日期")
    return period


def write_period(period: Period) -> str:
    """Return the line read_period reads back."""
    first, last = (f"{day.year}.{day.month}.{day.day}" for day in (period.first, period.last))
    return f"{period.name} {first}-{last} {write_counts(period.posts)}"


def read_extra_post(text: str) -> ExtraPost:
    """Return the post of a line such as `值班长 值班员 副班`; raise ValueError."""
    name, *roles = narrow(text).split() or [""]
    unknown = [role for role in roles if role not in ROLE_WORDS]
    if not name or name in KEYS or re.search(r"\d", name) or not roles or unknown:
        raise ValueError(f"岗位写作：{EXTRA_POST}（岗位名，后面写谁可以担任：{'、'.join(ROLE_WORDS)}）")
    return ExtraPost(name=name, roles=tuple(roles))


def write_extra_post(post: ExtraPost) -> str:
    """Return the line read_extra_post reads back."""
    return " ".join((post.name, *post.roles))


def _reading(read: Callable[[str], Line]) -> BeforeValidator:
    def parse(value: object) -> Any:  # noqa: ANN401 - pydantic checks what is no text
        return read(value) if isinstance(value, str) else value

    return BeforeValidator(parse)


TemplateLine = Annotated[ShiftTemplate, _reading(read_template), PlainSerializer(write_template, str)]
PeriodLine = Annotated[Period, _reading(read_period), PlainSerializer(write_period, str)]
ExtraPostLine = Annotated[ExtraPost, _reading(read_extra_post), PlainSerializer(write_extra_post, str)]
