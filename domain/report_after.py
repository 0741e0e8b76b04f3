"""What follows a closed incident: the days in which a death still counts to it, who is in hospital, what 终报 must say.

Source of the days: 生产安全事故报告和调查处理条例 art. 13 (road traffic and fire 7, all others 30; domain.md §2.5).
"""

import re
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

SHORT, LONG = 7, 30
_SHORT = re.compile(r"火|道路交通|交通事故|校车|车祸")
_IN = re.compile(
    r"住院|入院|送医|送往?[^,，。;；]{0,8}医院|救治|抢救|ICU|重症|治疗|留观|医院[^,，。;；]{0,4}(?:观察|收治)"
)
_STILL = re.compile(r"(?:仍|还|尚|另有?|余|其余|其中)[^,，。;；]{0,8}(?:住院|治疗|救治|观察|抢救)")
_OUT = re.compile(
    r"出院|(?:无人|没有?人|未)(?:员)?[^,，。;；]{0,3}(?:住院|送医|入院)|包扎后[^,，。;；]{0,4}(?:离开|离院|回家)"
)
_PARTS = (
    ("基本情况（时间、地点、经过）", re.compile(r"时|日|许|发生|接报|位于|地点|事件|事故")),
    (
        "处置经过",
        re.compile(r"处置|扑灭|灭|抢修|救|清|调|到场|疏散|转移|恢复|排除|控制|修复|处理|堵|排水|劝"),
    ),
    ("目前情况", re.compile(r"目前|现(?!场)|已|均|全部|正常|稳定|结束|完毕|解除|恢复|无")),
    (
        "下一步（善后、评估）",
        re.compile(r"下一步|下步|善后|评估|整改|后续|继续|跟踪|安抚|排查|调查|赔付|慰问"),
    ),
)


def window_days(subtype: str | None) -> int:
    """Return within how many days a change of casualties still belongs to an incident of this kind."""
    return SHORT if subtype and _SHORT.search(subtype) else LONG


def days_since(start: datetime, now: datetime, zone: ZoneInfo) -> int:
    """Return the calendar days that passed in the room."""
    return (now.astimezone(zone).date() - start.astimezone(zone).date()).days


def asking_days(subtype: str | None) -> tuple[int, ...]:
    """Return on which days after an incident is asked for those in hospital: a day before a window ends."""
    return (SHORT - 1,) if window_days(subtype) == SHORT else (SHORT - 1, LONG - 1)


def morning_after(start: datetime, days: int, zone: ZoneInfo) -> datetime:
    """Return nine o'clock of the day so many days after a moment."""
    return datetime.combine(start.astimezone(zone).date() + timedelta(days=days), time(9), zone)


def in_hospital(texts: Iterable[str], *, injured: bool) -> bool:
    """Return True if the reports, oldest first, leave somebody in hospital; unknown with injured counts as yes."""
    known: bool | None = None
    for text in texts:
        if _OUT.search(text):
            known = _STILL.search(text) is not None
        elif _IN.search(text):
            known = True
    return injured if known is None else known


def missing_parts(text: str) -> tuple[str, ...]:
    """Return what a final report does not speak of (domain.md §2.3)."""
    return tuple(name for name, pattern in _PARTS if not pattern.search(text))
