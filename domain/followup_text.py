"""Reads a follow-up: only what changed since the last report (domain.md §2.3, 续报)."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from domain.figures import NUMBER_WORD, Figure, read_figures
from domain.moment import ahead_doubts
from domain.numerals import NUMBER, read_number
from domain.pattern import Pattern
from domain.plain import make_plain
from domain.stamps import find_stamps

LONGEST = 4_000
"""Characters that are read of a message; a longer one has a doubt that says so."""
_SEQUENCE = Pattern(
    rf"续报?\s?[(第]?\s?([0-9]{{1,2}}(?![点时\d人户名天]|:\d)|{NUMBER}(?![点时人户名天下]))[次报)]?|第({NUMBER_WORD})(?:次续报|次报告|报(?!告))"
)
_WRONG_RIGHT = Pattern(r"不是(?P<was>[^,。;\n]{1,12}?)[,、\s]?(?:而?是)(?P<now>[^,。;\n]{1,20})")
_TAKEN_BACK = Pattern(
    r"(?:撤回|收回|撤销)(?:之前|前面|刚才|原来|上一?次|说|报)|不算数|误报|弄错|救回来|没有死|没死"
)
"""Words that take a figure back, whatever number stands beside them."""
_CORRECTS = Pattern(
    r"(?:之前|刚才|前面|原来|首报|上次)[说讲报称][^。;\n]{0,20}(?:核实|确认|现在[^,。;]{0,8}|实际)[为是]"
    r"|更正|纠正|修正|勘误|说错|报错了|报的有误|有误|之前报的|原报|前面报的|应为|改为|(?:之前|原来|刚才|前面)报[^。;\n]{0,12}实际"
)
_NO_CHANGE = Pattern(
    r"(?:无|没有?|没啥|没什么|未有|暂无)(?:新的?|其他|任何|大的?)?(?:变化|新情况|新进展|进展)|情况(?:同上|同前)|跟刚才一样|维持原状|一切如前"
)
_STATUS = Pattern(
    r"明火[^,。;\s]{0,8}(?:灭|扑灭)[^,。;\s]{0,2}|(?:火|余火|大火)[^,。;\s]{0,3}(?:灭了|扑灭|熄灭)|(?:烟|黄烟|气味|味)[^,。;]{0,6}(?:没了|散了|消失)|(?:已|得到|基本)(?:控制|扑灭|排除|恢复|抢通|排空|结束|处置完毕|解除)[^,。;\s]{0,4}"
    r"|恢复(?:供水|供电|供气|供暖|通行|正常|交通)|正在[^,。;\s]{1,8}|(?:现场)?(?:清完|清理完|已?停工|处置完)[^,。;\s]{0,2}|警戒(?:解除|撤了)|都?回去了|抓着了|接回[^,。;\s]{0,2}|在(?:清理|恢复|抢修|排查|善后|观察)[^,。;\s]{0,4}|(?:水|电|气|暖气?)[^,。;\s]{0,8}恢复了?|抓获|归案|(?:已)?返岗|处置结束|处理完[^,。;\s]{0,2}|(?:其他|都|全部?|已经?)[^,。;\s]{0,4}(?:退了|干了|走了|好了|完了|通了|亮了|热了|来电了)|(?:供[热水电气暖]|交通|通行|秩序|生产|营业|上课|道路)[^,。;\s]{0,3}恢复[^,。;\s]{0,2}|情况(?:平稳|稳定)|谈妥[^,。;\s]{0,2}|在手术|清醒|转院|无新增|水退了|抽完了?|(?<!能)[^,。;\s说能预将]{0,6}(?<!能)(?:扑灭|排完|抽干|堵住|堵上|抢通|修好|接好|送电|送上电|焊上|通车|通水|通气|撤了(?!\d)|劝下来|劝离|散了|返家|回家|回厂|出院|稳定|脱离危险)[^,。;\s]{0,2}|无生命危险|生命体征平稳|还在[^,。;\s]{1,6}"
)
_HINT = Pattern(
    r"(?:[一-龥]{2,8}?(?:社区|小区|村|里|路|街|苑|湾|化工|公司|工地|学校|小学|中学|工厂|厂|市场|地道|桥))|火灾|着火|火(?=[,。\s])|塌方|坍塌|泄漏|漏气|积水|电梯|车祸|倒树|聚集|中毒"
)
_TASK = Pattern(
    r"(?P<who>[一-龥]{0,5}?(?:局|总值班室|值班室|区委办|区政府办?|应急办|[一-龥]{1,2}办|卫健委|住建委|教委|[区市][一-龥]委|[区市](?:疾控|卫健|住建|消防|教育|公安|应急)(?:局|委|中心|支队)?|区里|市里|街道|领导|主任|书记|指挥部))?[^,。;\n]{0,4}?(?:让|要求|叫|通知|催)(?:咱们?|我们?|街道)?(?P<what>[^。;\n]{2,40})"
)
_DUE = Pattern(r"(?:之|以)?前")
_LEADER = Pattern(
    r"(?:带班)?(?:领导)?(?P<n>(?:[一-龥]{1,2}?)?(?:主任|书记|副主任|副书记|镇长|副镇长|局长|副局长|所长|区长|副区长|乡长|部长|队长|支队长|总监))[^,。;\n]{0,4}(?:在现场|到场|已到|到达|赶到)"
)


@dataclass(frozen=True, slots=True)
class Task:
    """Something a superior wants: the words, until when (None: not said), who asks."""

    what: str
    due: datetime | None
    asked_by: str | None


@dataclass(frozen=True, slots=True)
class FollowupReading:
    """What a follow-up says; figures that are None did not change, `sequence` is None when not stated."""

    sequence: int | None
    figures: dict[str, Figure | None]
    rescued: Figure | None
    correction: bool
    corrected: tuple[tuple[str, str], ...]
    no_change: bool
    status: tuple[str, ...]
    tasks: tuple[Task, ...]
    leader_on_scene: str | None
    hints: tuple[str, ...]
    doubts: tuple[str, ...]


def _sequence(text: str) -> int | None:
    match = _SEQUENCE.search(text)
    return read_number(match.group(1) or match.group(2)) if match else None


def _due(words: str, received: datetime, zone: ZoneInfo) -> datetime | None:
    """Return the time that stands before 前, the next such time after receipt when no day is said."""
    for stamp in find_stamps(words, bare=True):
        if not _DUE.match(words, stamp.end):
            continue
        found = stamp.resolve(received, zone)
        if found and stamp.day is None and "明" not in words:
            same = found.astimezone(zone).replace(year=received.year, month=received.month, day=received.day)
            daily = "每天" in words or "每日" in words
            return same if same >= received else same + timedelta(days=1) if daily else None
        if found and stamp.day is None:
            same = found.astimezone(zone).replace(year=received.year, month=received.month, day=received.day)
            return same + timedelta(days=1)
        return found
    return None


def _tasks(text: str, received: datetime, zone: ZoneInfo) -> tuple[Task, ...]:
    out = []
    for match in _TASK.finditer(text):
        if match["who"] is None and not re.search(r"前", match["what"]):
            continue
        out.append(Task(match["what"].strip(), _due(match["what"], received, zone), match["who"]))
    return tuple(out)


def _status(match: re.Match[str]) -> str:
    """Return the words of a state without the half of a number at their head ("15:40全部扑灭", "150人已返回")."""
    cut = match.string[match.start() - 1 : match.start()] in tuple("0123456789:")
    return re.sub(r"^[\d:]+[人户名分]?", "", match.group()).strip() if cut else match.group().strip()


def read_followup(text: str, received_at: datetime, zone: ZoneInfo) -> FollowupReading:
    """Return what a follow-up says; `received_at` is aware, due times come back in `zone`."""
    whole = make_plain(text, tight=False).text
    plain = whole[:LONGEST]
    said = read_figures(plain)
    corrected = tuple((m["was"].strip(), m["now"].strip()) for m in _WRONG_RIGHT.finditer(plain))
    no_change = _NO_CHANGE.search(plain) is not None
    correction = bool(corrected) or _CORRECTS.search(plain) is not None
    told = any(figure is not None for figure in said.figures.values())
    doubts = list(said.doubts)
    if no_change and not re.search(r"还是|仍是|仍然|依然", plain) and told:
        doubts.append("说了无变化，又报了数字")
    if told and not correction and (back := _TAKEN_BACK.search(plain)):
        doubts.append(f"“{back.group()}”像是撤回前面的数字，请核对人数；要减少请写：更正")
    doubts += ahead_doubts(plain, received_at, zone)
    if len(whole) > LONGEST:
        doubts.append(f"文字太长，只读了前{LONGEST}字")
    leader = _LEADER.search(plain)
    return FollowupReading(
        sequence=_sequence(plain),
        figures=said.figures,
        rescued=said.rescued,
        correction=correction,
        corrected=corrected,
        no_change=no_change,
        status=tuple(dict.fromkeys(_status(m) for m in _STATUS.finditer(plain))),
        tasks=_tasks(plain, received_at.astimezone(zone), zone),
        leader_on_scene=re.sub(r"^(?:领导|[局办委处会所站道区县镇部])(?=..)", "", leader["n"])
        if leader
        else None,
        hints=tuple(dict.fromkeys(m.group() for m in _HINT.finditer(plain)))[:8],
        doubts=tuple(dict.fromkeys(doubts)),
    )
