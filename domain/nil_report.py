"""零报告 in its standard wording (domain.md §2.4)."""

from datetime import datetime


def nil_line(until: datetime, office: str) -> str:
    """Return the day's zero report up to a local time, for an office such as 沽水街道办事处."""
    place = next((word for word in ("镇", "乡") if word in office), "街道")
    minutes = f"{until.minute:02d}分" if until.minute else ""
    return f"{nil_head(until)}{until.hour}时{minutes}，我{place}无突发事件。"


def nil_head(day: datetime) -> str:
    """Return how the zero report of a day begins."""
    return f"截至{day.day}日"
