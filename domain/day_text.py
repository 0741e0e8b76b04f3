"""Days and months as people type them: 明天, 7.25, 7月25日, 下周三, 2026-10."""

import re
from datetime import date, timedelta

WEEKDAYS = "一二三四五六日"


def read_day(text: str, today: date) -> date | None:
    """Return the day a text names, seen from `today` in the room's zone; None when it names none."""
    words = {"今天": 0, "明天": 1, "后天": 2, "大后天": 3, "昨天": -1, "前天": -2}
    text = text.strip()
    if text in words:
        return today + timedelta(days=words[text])
    week = re.fullmatch(r"(下下|下|本|这)?(?:周|星期|礼拜)([一二三四五六日天])", text)
    if week:
        monday = today - timedelta(days=today.weekday())
        ahead = {"下": 1, "下下": 2}.get(week[1] or "", 0)
        return monday + timedelta(weeks=ahead, days=WEEKDAYS.index(week[2].replace("天", "日")))
    full = re.fullmatch(r"(?:(\d{4})[-年./])?(\d{1,2})[-月./](\d{1,2})日?", text)
    if not full:
        return None
    try:
        return date(int(full[1] or today.year), int(full[2]), int(full[3]))
    except ValueError:
        return None


def read_month(text: str, today: date) -> tuple[int, int] | None:
    """Return the year and month a text names (empty: this one); None when it names none."""
    text = text.strip()
    if text in ("", "本月", "这个月"):
        return today.year, today.month
    if text in ("下月", "下个月"):
        return (today.year, today.month + 1) if today.month < 12 else (today.year + 1, 1)  # noqa: PLR2004 - months
    found = re.fullmatch(r"(?:(\d{4})[-年./])?(\d{1,2})月?", text)
    if not found or not 1 <= int(found[2]) <= 12:  # noqa: PLR2004 - months of a year
        return None
    return int(found[1] or today.year), int(found[2])
