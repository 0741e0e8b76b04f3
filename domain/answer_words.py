"""Answers as people type them, without naming what they answer: 收到了, 已传达 30户, 我们到了, 批准, 退回 人数不对."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from domain.pattern import Pattern
from domain.plain import without_pictures
from domain.remark import is_courtesy


@dataclass(frozen=True, slots=True)
class Said:
    """The answer's word, the words behind it, and the numbers that were typed without their letter: 1, or 1、2."""

    word: str
    more: str = ""
    digits: str = ""
    alone: bool = False
    """The word itself and nothing beside it: it can be nothing but an answer."""


ALONE = (
    *(
        "收到",
        "已传达",
        "签发",
        "发送",
        "已电话报告",
        "无变化",
        "确认",
        "取消",
        "下发",
        "退回",
        "同意",
        "不同意",
    ),
    *("已办结", "销假", "撤回"),
)
"""Words that are an answer when nothing else stands beside them."""
BARE = ("上级已收到", "稳定", "长期", "未稳定", "已出院", "仍住院")
"""Words that are an answer where an event waits for it, and may be told of something else."""
WITH_MORE = ("上级已收到", "已电话报告", "电话已叫应", "未叫通", "签发", "退回", "已办结", "销假")
"""Words that have others behind them: who was called, why, how it was done."""
SHORT = 48
"""Characters of an answer whose words may be of something else in a longer text."""
LONG = ("签发", "退回")
"""Answers whose words may be longer: a leader's reason."""
_STOP = r"[\s,.。、:;!~，：；！～]"
_FIRST = r"(?:都|全部|一起|(?:两|三)[个起件](?:都|全)?)?"
_YES = rf"(?:(?:好的?|嗯+|行|是|OK|ok){_STOP}*)?"
_DIGITS = rf"\d{{1,9}}(?:(?:{_STOP}|[和及])+\d{{1,9}})*"
_LOOSE = Pattern(
    rf"{_YES}({_DIGITS})?{_STOP}*{_FIRST}({'|'.join((*ALONE, *BARE))})(?:了|(?<=[发送回认消])吧)?"
    rf"{_STOP}*({_DIGITS})?{_STOP}*"
)
_NUMBERED = Pattern(rf"({_DIGITS})(?:$|{_STOP}+(?<!、))")
"""Numbers of events before the other words of an answer."""
_WHOM = Pattern(r"110|119|120|122")
"""Numbers behind 已电话报告 that say who was called."""
_GOT = Pattern(
    rf"{_YES}{_STOP}*(?:我?(?:已经?|均已?|都已?)?收到了?"
    r"(?=[\s,.。、:!~]|$|收到|预警|通知|指令|信息|谢|马上|立[即刻]|这就|请?放心|(?:并|已|并已)(?:传达|通知))"
    r"|(?:收悉|已阅|已?知悉|已?知晓)(?=[,.。、:!~ ]|$)"
    r"|(?P<passed>(?:已经?|均已?|都已?|全部)+传达了?|(?:传达|通知)完(?:毕|了)"
    rf"|(?:已经?|均已?|都已?|都|全部|全)+通知(?:到位|到户|到人|完毕|完|到(?=了))了?)){_STOP}*(?P<more>.*)",
    re.DOTALL,
)
_CHAT = Pattern(r"^(?:(?:回复|答复)[:：\s]\s*|[@＠][^\s]{1,12}\s+)+")
_WRAPPED = Pattern(r"[【\[「“](?P<in>[^【】\[\]「」“”]{1,12})[】\]」”][。!！]?")
_HEAD = Pattern(
    rf"(?P<who>[一-龥\d]{{2,16}}?){_STOP}*(?=已?收到|已阅|已?知悉|收悉|(?:已|全部|都|均)[^,，。]{{0,2}}(?:传达|通知)|[一-龥]{{2,4}}{_STOP}*已?收到)"
)
_OURS = Pattern(r"(?:我们?|俺们?|咱们?|本)(?:村|社区|网格|单位|村委会|居委会)?")
_PASSED = Pattern(
    rf"(?:(?:预警|通知|指令|信息|请放心|并|并已|[我俺咱本][们村社区网格]*){_STOP}*)*"
    rf"(?:(?:已经?|均已?|都已?|全部|(?<=并))+传达了?|(?:已经?|均已?|都已?|都|全部|全)+通知(?:到位|到户|到人|完毕|完|到(?=了))了?){_STOP}*"
)
"""已传达 behind a 收到: the further answer stands for both."""
_NOT_GOT = Pattern(r"[?吗么没未不无非]|还有|还剩|除了|一半|部分")
"""What is asked, denied or done in part only is no answer; the person is asked what it is."""
_GOT_LENGTH = 40
_UNCHANGED = Pattern(
    r"(?:目前|现在|现场|情况|仍然?|还是|暂时?|也|都|均|两个都)*(?:[无没]有?|没啥|没什么|未有|暂无|尚无)(?:新的?|任何|什么|大的?)?(?:变化|新情况|新进展|进展)了?|[跟和]刚才(?:的情况)?一样|维持原状|一切如前"
)
STAGES = {"首报": "first", "续报": "followup", "终报": "final", "补报": "supplement"}
"""The stages of a report by their words."""
_STAGE = Pattern(rf"的?({'|'.join(STAGES)})(?:[一二三四五六七八九十\d]{{1,2}})?(?:$|{_STOP}+)")
_CANNOT = Pattern(rf"(?:无法|没法|不能)传达{_STOP}*(.*)", re.DOTALL)
_ARRIVED = Pattern(
    r"(?:我们?|咱们?|我队|队伍)?(?:(?:已经?|均已|都已?|现已)?(?:到达?现场|抵达现场|到场)|已经?到|到)(?:了|(?<!到)|(?<=已到)|(?<=已经到))"
    rf"(?=[,.。、:!~ \d]|$){_STOP}*(.*)",
    re.DOTALL,
)
_ARRIVED_LENGTH = 120
_CONSENT_LENGTH = 20
_CONSENT = Pattern(
    rf"(?:(?:可以|没问题|没意见|无意见|无异议|同意|批准|准|行|好的?|嗯+|收到|知道了|OK|ok|签字|签[发法罚]|签|已?阅(?:知|悉)?|已?知悉|发送|发出|发|上报|报送|报)[了的吧啊呀]*{_STOP}*)+"
)
_TOLD = Pattern(
    r"(?:我们?|咱们?|已经?|都|全部?|各|每|网格员?|个|户|住户|村民|居民|大家|群众|老百姓|人|单元|栋|楼|微信|群里?|里|在|用|通过|大?喇叭|广播"
    r"|电话|打|敲门|入户|上门|挨家挨户|挨家|逐户|通知|传达|告知|转告|转达|发|喊|说|播|了|过|到|给|好|两|三|几|\d+|遍|次|家|的|把|预警|消息|信息"
    r"|内容|完|和|也|正在|就|收到|[\s,，.。、!！])+"
)
_TELLING = Pattern(r"通知|传达|告知|转告|转达|广播|喇叭|敲门|入户|群里发|发群|逐户|挨家")
_DECIDED = Pattern(rf"(不)?(?:同意|批准)(?:了|啦)?(?:{_STOP}+(.*))?", re.DOTALL)
_MORE = Pattern(rf"({'|'.join(WITH_MORE)}){_STOP}+(.+)", re.DOTALL)
_PHONED = Pattern(rf"^已经?打?电话(?:报告|汇报)(?:过|完)?了?(?=$|{_STOP})")
_CALLED = Pattern(
    rf"^(?:(?P<who>(?!电话|是否|有没|谁|都|全部|均|大家|没|还没|尚未)[一-龥]{{2,4}}){_STOP}*已(?:电话)?叫应了?(?=$|{_STOP})"
    rf"|(?:已电话叫应|已叫应)了?{_STOP}*(?=[一-龥])|(?P<not>未叫通)(?=[一-龥]))"
)
"""A call to a contact in another order, or without a blank: 已电话叫应林文涛, 林文涛已叫应, 未叫通林文涛."""
_ASKED = Pattern(r"[\s了]*(?:没有?|[吗么嘛])[?？!！]*|[\s了]*(?:没有?|吧)?[?？]+")
_ON_DUTY = Pattern(
    rf"(?:报告)?{_STOP}*(?:本人|我)?(?:已经?|现)?(?:到岗|到值班室)(?:了|啦)?(?:{_STOP}.*)?", re.DOTALL
)


def is_question(words: str) -> bool:
    """Return True where only a question stands behind an answer and its number: 收到 W1 吗, 签发 E1？."""
    return _ASKED.fullmatch(words) is not None


def read_said(text: str, own: Sequence[str] = ()) -> Said | None:
    """Return what a text answers, None where it is no answer without a number.

    `own`: the name and the units of who wrote it, which may stand before the answer (东柳村收到); another's may not.
    """
    text = _PHONED.sub("已电话报告", _headless(text, own))
    if len(text) <= SHORT and not re.search(r"[?？吗么没]", text):
        text = _CALLED.sub(_called, text)
    words = without_pictures(text)
    return (
        _alone(words)
        or (Said("无变化") if says_unchanged(words.rstrip(".。! ")) else None)
        or _decision(text)
        or _cannot(text)
        or _got(words)
        or _arrival(words)
        or _with_more(text)
    )


def _called(match: re.Match[str]) -> str:
    return "未叫通 " if match["not"] else f"电话已叫应 {match['who'] or ''}"


def _headless(text: str, own: Sequence[str]) -> str:
    """Return an answer without what chats put before it (回复：, @郑伟, 【】) and the writer's own name and unit."""
    words = _CHAT.sub("", text.strip())
    wrapped = _WRAPPED.fullmatch(words)
    words = wrapped["in"] if wrapped else words
    while (head := _HEAD.match(words)) and (
        _OURS.fullmatch(head["who"]) or any(one.startswith(head["who"]) for one in own)
    ):
        words = words[head.end() :]
    return words


def stage_first(words: str) -> tuple[str, str]:
    """Return the stage of a report at the head of an answer's words ("" where none is) and the words behind it."""
    found = _STAGE.match(words)
    return (STAGES[found[1]], words[found.end() :]) if found else ("", words)


def says_unchanged(text: str) -> bool:
    """Return True for 无变化 as people say it: 没变化, 暂无新情况, 跟刚才一样."""
    return _UNCHANGED.fullmatch(text) is not None


def says_consent(text: str) -> bool:
    """Return True for consent that names nothing: 可以, 没意见，发吧, 收到，同意签发."""
    words = without_pictures(text)
    return len(words) <= _CONSENT_LENGTH and _CONSENT.fullmatch(words) is not None


_ABOVE = r"(?:区里|区(?:委|政府)?(?:总)?值班室|区应急局|上级|总值班室)"
_REPORTED = Pattern(
    rf"(?:E\d+\s*)?(?:已经?|刚才?|我)*(?:给|向|跟|往){_ABOVE}(?:打|报|汇报|电话|告|过|了|的|[一-龥]{{1,2}}科长|[一-龥]{{1,2}}主任)+{_STOP}*"
    rf"|(?:E\d+\s*)?(?:已经?|刚才?|我)*电话(?:报告|汇报)(?:给|了)*{_ABOVE}[一-龥]{{0,5}}{_STOP}*",
    re.IGNORECASE,
)
_RECEIVED = Pattern(
    rf"(?:E\d+\s*)?{_ABOVE}(?:说|回复|回电|那边|已经?|都)*(?:收到|确认|签收)(?:了|啦)?{_STOP}*", re.IGNORECASE
)
_REACHED = Pattern(
    r"(?P<who>[一-龥\d]{2,14}?)(?:的|他|她)?(?:电话)?(?:已经?|刚才?)*(?:"
    r"(?:打|接|叫)通了?|叫应了?|联系上了?|(?:说|回复|回电|表示)+[,，:：]?(?:他|她)?(?:已经?)?(?:收到|知道)了?|已经?收到了?)(?:[\s,，。].*)?",
    re.DOTALL,
)
_UNREACHED = Pattern(
    r"(?P<who>[一-龥\d]{2,14}?)(?:的)?(?:电话|手机)?(?:一直|都|还是?|怎么都)*(?:没人接|没接|不接|未接|打不通|没打通|无人接听?|关机|停机|占线"
    r"|联系不上|叫不通|接不通)(?:电话)?了?(?:[\s,，。].*)?",
    re.DOTALL,
)


def says_reported(text: str) -> str | None:
    """Return the answer that words about the room above would be: 给区里报了, 上级说收到了; None for other words."""
    if _REPORTED.fullmatch(text):
        return "已电话报告"
    return "上级已收到" if _RECEIVED.fullmatch(text) else None


def says_called(text: str) -> tuple[str, str] | None:
    """Return the answer that words about a call would be, and who was called: 胡志荣打通了, 何晓强没人接."""
    for word, said in (("未叫通", _UNREACHED), ("电话已叫应", _REACHED)):
        if len(text) <= SHORT and (found := said.fullmatch(text)):
            return word, found["who"]
    return None


def says_seen(text: str) -> bool:
    """Return True for a nod: thanks, 好的, a picture (👌), and the 1 that is asked for in groups."""
    words = unicodedata.normalize("NFKC", text).strip()
    pictures = any(unicodedata.category(c) == "So" for c in words)
    return words in ("1", "+1", "回复1") or (
        is_courtesy(words) and (pictures or any(map(str.isalnum, words)))
    )


def says_told(text: str) -> bool:
    """Return True for words of passing on that do not say it was done everywhere: 已通知住户, 群里发了, 广播了两遍."""
    words = without_pictures(text)
    return len(words) <= SHORT and _TELLING.search(words) is not None and _TOLD.fullmatch(words) is not None


def says_arrived(text: str) -> bool:
    """Return True for 到岗 as people say it: 已到岗, 我到岗了，一切正常."""
    return _ON_DUTY.fullmatch(text) is not None


def _alone(words: str) -> Said | None:
    found = _LOOSE.fullmatch(words)
    if found is None or (found[1] and found[3]) or _is_whom(found[2], found[3]):
        return None
    return Said(found[2], digits=found[1] or found[3] or "", alone=found[2] in ALONE)


def _is_whom(word: str, digits: str | None) -> bool:
    return word == "已电话报告" and _WHOM.match(digits or "") is not None


def _decision(text: str) -> Said | None:
    found = _DECIDED.fullmatch(text) if len(text) <= SHORT else None
    return Said(f"{found[1] or ''}同意", (found[2] or "").strip()) if found else None


def _cannot(text: str) -> Said | None:
    found = _CANNOT.fullmatch(text)
    return Said("无法传达", found[1].strip()) if found and not re.search("[?？吗]", text) else None


def _got(words: str) -> Said | None:
    found = _GOT.fullmatch(words) if len(words) <= _GOT_LENGTH else None
    if found is None or _NOT_GOT.search(found["more"]):
        return None
    if not found["passed"] and (passed := _PASSED.match(found["more"])):
        return Said("已传达", found["more"][passed.end() :].strip())
    return Said("已传达" if found["passed"] else "收到", found["more"].strip())


def _arrival(words: str) -> Said | None:
    found = _ARRIVED.fullmatch(words) if len(words) <= _ARRIVED_LENGTH and "?" not in words else None
    return Said("到场", found[1].strip()) if found else None


def _with_more(text: str) -> Said | None:
    found = _MORE.fullmatch(text)
    if found is None or (len(text) > SHORT and found[1] not in LONG):
        return None
    more = found[2].strip()
    numbers = _NUMBERED.match(unicodedata.normalize("NFKC", more))
    if numbers is None or _is_whom(found[1], numbers[1]):
        return Said(found[1], more)
    return Said(found[1], more[numbers.end() :], numbers[1])
