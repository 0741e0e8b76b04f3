"""零报告 in its standard wording (domain.md §2.4)."""

import re
from datetime import datetime

_NOTHING = re.compile(
    r"(?:截[至止](?:目前|现在)|今[天日])?[,，\s]*(?:我们?|本|全)?(?:街道?|镇|乡|辖区|辖区内)?(?:今[天日])?(?:无|没有|未发生|没发生)(?:任何)?突发(?:性)?(?:事件|情况)(?:发生|报告)?[。.!！\s]*"
)


def says_nothing_happened(text: str) -> bool:
    """Return True for a zero report in words: 今日无突发事件."""
    return _NOTHING.fullmatch(text) is not None


def nil_line(until: datetime, office: str) -> str:
    """Return the day's zero report up to a local time, for an office such as 沽水街道办事处."""
    place = next((word for word in ("镇", "乡") if word in office), "街道")
    minutes = f"{until.minute:02d}分" if until.minute else ""
    return f"{nil_head(until)}{until.hour}时{minutes}，我{place}无突发事件。"


def nil_head(day: datetime) -> str:
    """Return how the zero report of a day begins."""
    return f"截至{day.day}日"
