"""突发事件信息快报: its words as text, and the values of its Word template (domain.md §2.4, §6.2)."""

import re
from functools import lru_cache
from typing import Any, cast
from zoneinfo import ZoneInfo

from domain.flash_text import trimmed
from domain.notices.incident import Flash
from messages.render import environment

NAME = "突发事件信息快报"
SUBJECT = 32
"""Characters of an event's name in a file's name."""
_FORBIDDEN = re.compile(r'[\\/:*?"<>|\s\x00-\x1f\x7f.]+')


@lru_cache(maxsize=4)
def _words(zone: ZoneInfo, template: str = "incident/_flash.j2") -> Any:  # noqa: ANN401 - jinja2 gives macros no types
    """Return the macros of the document's words, as plain text."""
    plain = environment().overlay(autoescape=False)
    return cast("Any", plain.get_template(template).make_module({"zone": zone}))


def paragraphs(x: Flash, zone: ZoneInfo) -> list[str]:
    """Return the paragraphs of a report's body."""
    body = str(_words(zone).body(x, trimmed(x.raw)))
    return [line.strip() for line in body.splitlines() if line.strip()]


def heading(x: Flash, zone: ZoneInfo) -> str:
    """Return what the document is: 突发事件信息快报（续报一）."""
    return str(_words(zone).heading(x)).strip()


def about(x: Flash, zone: ZoneInfo) -> str:
    """Return what the report is about, its second heading."""
    return str(_words(zone).about(x)).strip()


def flash_values(x: Flash, *, zone: ZoneInfo, draft: bool = False) -> dict[str, Any]:
    """Return the values of the Word template; what nobody gave is left to be written by hand."""
    words = _words(zone)
    return {
        "标题": heading(x, zone),
        "期号": "" if draft else str(x.issue or ""),
        "年份": str(x.issue_year or ""),
        "草稿": "草稿，未报送" if draft else "",
        "报送单位": x.office,
        "日期": str(words.dated(x.at)).strip(),
        "事由": about(x, zone),
        "正文": paragraphs(x, zone),
        "主送": x.superior,
        "抄送": x.copies,
        "签发人": "" if draft else str(words.signer(x)).strip(),
        "审核": "",
        "编辑": x.author,
        "电话": x.phone,
    }


def flash_name(x: Flash, zone: ZoneInfo, *, draft: bool = False, signed_after: bool = False) -> str:
    """Return the file's name without its ending: date first, kind, subject, stage, number (domain.md §6.2)."""
    subject = f"{x.facts.place or ''}{str(_words(zone).kind(x.facts)).strip()}"
    parts = [
        f"{x.at.astimezone(zone):%Y%m%d}",
        "演练" if x.facts.drill else "",
        "信息快报",
        _FORBIDDEN.sub("", subject)[:SUBJECT],
        str(_words(zone, "incident/_parts.j2").stage(x.stage, x.order)).strip(),
        "草稿" if draft or x.issue is None else f"第{x.issue}期",
        "补签" if signed_after else "",
    ]
    return "-".join(part for part in parts if part)
