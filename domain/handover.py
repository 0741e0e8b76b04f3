"""What a handover carries: items with owner, next action, due time, ranked by what may hurt first (domain.md §1.3)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

EMPTY = re.compile(
    r"^(?:同上|同前|(?:跟|和|与|照)?(?:上|前)(?:一)?个?班(?:次)?(?:的)?(?:一样|相同|同)|(?:跟|和|与)?昨[天日](?:一样|相同)|没(?:什么|啥)?事儿?|无事"
    r"|无(?:异常|变化|情况|特殊情况|其他)|没有?(?:变化|情况|异常)|一切(?:正常|如常|照旧)|都?(?:正常|好)|照旧|如前|略|无|平安)[。.!！~～\s]*$"
)
"""What is written to say nothing (product.md §5): refused while something is open."""
SOON = timedelta(hours=2)
COLOURS = {"红": 90, "橙": 70, "黄": 40}


@dataclass(frozen=True)
class Item:
    """One thing handed over: event number, what is open, who owes what next by when (UTC), how grave (0: no risk)."""

    subject: str
    text: str
    owner: str = ""
    next_action: str = ""
    due_at: datetime | None = None
    risk: int = 0


def says_nothing(note: str) -> bool:
    """Return True for a note such as 同上, 跟上个班一样, or 都正常，同上."""
    parts = [part for part in re.split(r"[,，、;；。!！\s]+", note) if part]
    return bool(parts) and all(EMPTY.match(part) for part in parts)


def warning_risk(colour: str | None, silent: int, *, cancel: bool) -> int:
    """Return how grave a live warning is: by colour, and graver while somebody is silent."""
    if cancel:
        return 20 if silent else 0
    return COLOURS.get(colour or "", 10) + (25 if silent else 0)


def incident_risk(*, urgent: bool, offered: bool, due_at: datetime | None, now: datetime) -> int:
    """Return how grave an open incident is: direct or graver first, then what nobody took up, then what is due."""
    return (100 if urgent else 80 if offered else 50) + (
        15 if due_at is not None and due_at <= now + SOON else 0
    )


def task_risk(due_at: datetime | None, now: datetime) -> int:
    """Return how grave a task is: only what is due within two hours, or late, is a risk."""
    return 45 if due_at is not None and due_at <= now + SOON else 0


def top_risks(items: Sequence[Item], count: int) -> list[Item]:
    """Return the at most `count` gravest items, the gravest first; items without risk are none."""
    return sorted((i for i in items if i.risk > 0), key=lambda i: -i.risk)[:count]


ANSWERS = {"接收": "accepted", "转交": "referred", "已办结": "finished"}
"""The answers to a carried item by their words."""
_CARRIED = re.compile(r"全部接收[。.!！]?|(接收|转交|已办结)\s*(\d{1,2})[。.!！]?")


def names_receiver(words: str) -> bool:
    """Return True for words behind 交班 that say to whom, which the roster knows: 给何琳."""
    return re.fullmatch(r"给[一-龥]{2,4}[了。!！]*", words) is not None


def read_carried(text: str) -> tuple[str, str] | None:
    """Return the answer and the place on the sheet of 接收 2 ("" for 全部接收), None for another text."""
    found = _CARRIED.fullmatch(text)
    return (ANSWERS[found[1] or "接收"], found[2] or "") if found else None
