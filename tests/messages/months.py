"""Months of October 2026 as offices have them: one shift a day, day and night, a leader beside both."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.day_kind import Arrangement, kind_of
from domain.notices.roster import Month, MonthDay, MonthShift

ZONE = ZoneInfo("Asia/Shanghai")
LEADERS = ("王志强", "李建国", "张慧敏", "赵文斌", "孙立新")
OFFICERS = ("刘芳", "陈刚", "周凯", "吴静", "郑伟", "何琳")
POSTS = (("leader", "带班领导"), ("officer", "主班"), ("deputy", "副班"), ("driver", "驾驶员"))
LONG = "迪丽热巴·买买提明"

Made = tuple[tuple[MonthShift, ...], tuple[str, ...]]
"""A day's shifts and its open posts."""


def shift(day: date, label: str, hours: tuple[str, str], *names: tuple[str, str]) -> MonthShift:
    """Return a shift of a day; an end not after the start is the next day's."""
    start, end = (datetime.combine(day, datetime.strptime(h, "%H:%M").time(), ZONE) for h in hours)  # noqa: DTZ007 - a time of day of the zone beside it
    end += timedelta(days=end <= start)
    return MonthShift(label=label, starts_at=start, ends_at=end, names=names)


def whole_day(day: date) -> Made:
    """One shift a day, two leaders on holidays; the 13th without an officer, the 21st without anybody."""
    n = day.day
    if n == 21:
        return (), ("带班领导", "主班")
    names = [("leader", LEADERS[n % 5])]
    names += [("leader", LEADERS[(n + 1) % 5])] if n < 8 else []
    if n == 13:
        return (shift(day, "", ("08:30", "08:30"), *names),), ("主班",)
    return (shift(day, "", ("08:30", "08:30"), *names, ("officer", OFFICERS[n % 6])),), ()


def day_and_night(day: date) -> Made:
    """Two shifts a day with two leaders each; the 13th's night open."""
    n = day.day
    leaders = (("leader", LEADERS[n % 5]), ("leader", LEADERS[(n + 1) % 5]))
    light = shift(day, "白班", ("08:30", "17:30"), *leaders, ("officer", OFFICERS[n % 6]))
    dark = shift(day, "夜班", ("17:30", "08:30"), *leaders, ("officer", OFFICERS[(n + 2) % 6]))
    return ((light,), ("夜班带班领导", "夜班主班")) if n == 13 else ((light, dark), ())


def leader_beside(day: date) -> Made:
    """A leader all day, officers by day and night, a post of the office's own, a long name."""
    n = day.day
    return (
        shift(day, "全天", ("08:30", "08:30"), ("leader", LEADERS[n % 5])),
        shift(day, "白班", ("08:30", "17:30"), ("officer", OFFICERS[n % 6]), ("值班长", "欧阳建国")),
        shift(day, "夜班", ("17:30", "08:30"), ("officer", OFFICERS[(n + 2) % 6]), ("deputy", LONG)),
    ), ()


def october(made: Callable[[date], Made], posts: tuple[tuple[str, str], ...] = POSTS) -> Month:
    """Return October 2026 with its holidays, each day's shifts made by a function."""
    days = []
    for day in (date(2026, 10, 1) + timedelta(days=n) for n in range(31)):
        kind, (shifts, gaps) = kind_of(day, Arrangement()), made(day)
        days.append(
            MonthDay(day=day, kind=kind.kind.value, holiday=kind.name, shifts=shifts, open=gaps),
        )
    names = sorted({name for d in days for s in d.shifts for _, name in s.names})
    return Month(
        title="沽水街道2026年10月值班表",
        days=tuple(days),
        posts=posts,
        people=tuple((name, "科员", f"138000{n:05}") for n, name in enumerate(names)),
        room_phone="022-00000000",
    )
