"""What is said of people without a number: that none was hurt, that somebody was, that nobody knows."""

import re

from domain.figure_settle import LABEL, Figure, floor
from domain.figure_words import FOLK, HOSPITAL, SOME, SUBJECT, SUBJECTLESS, VICTIM, figure_of
from domain.pattern import Pattern

_NO = r"(?<![有是])(?:没有|没|无|未|尚无|暂无|暂未|并无|均无|都没)(?:造成|发现|出现|发生|接到|收到|有|听说|报告)?"
_ONE_OF = rf"(?:[一1]?[个名位]?)?(?:人员?|群众|人(?:员)?员|{FOLK})?(?:的)?"
_NONE: tuple[tuple[tuple[str, ...], str], ...] = (
    (
        ("deaths", "injured"),
        rf"{_NO}{_ONE_OF}(?:伤亡|死伤)|零伤亡|0伤亡|伤亡(?:人数)?(?:为|:)?(?:0|零|无)(?![\d.])",
    ),
    (("deaths",), rf"{_NO}{_ONE_OF}(?:死亡|死人|遇难|死的)"),
    (
        ("injured", "deaths"),
        (
            rf"{_NO}{_ONE_OF}(?:受伤|受轻伤|伤着人?|伤到人?|伤人|伤(?![亡势情心]))|{_NO}(?:砸|伤|压|碰|撞)[着到]人?|人(?:员|也|全|倒|暂时|目前)?都?(?:没啥?事|没大事|没(?:什么|啥|有)?大碍|无大碍|平安|安全(?!员|帽|绳))"
            r"|(?:都|全)没事|(?:^|[,。;\s])(?:都|均|全部?)(?:安全|平安)(?=[,。;\s]|$)|没(?:什么|啥|有)?大碍|无大碍|(?:^|[,。;\s])没事(?=[,。;\s]|$)|一个人?[也都]没(?:有)?(?:受)?伤"
        ),
    ),
    (("injured",), rf"{_NO}{_ONE_OF}(?:中毒|不适|发病|感染|发烧|症状|呕吐|送医|住院)"),
    (("trapped",), rf"{_NO}{_ONE_OF}(?:被困|受困|困)(?!难)"),
    (
        ("missing",),
        rf"{_NO}{_ONE_OF}(?:失踪|失联)|(?<!没)(?<!没有)(?:人|{FOLK})[^,。;没]{{0,6}}?(?:都|也|全)?(?:已经?)?找到了|没找[着到]的[都也]?找[着到]了|(?:都|全[部都]?|均)已?经?联系上",
    ),
)
_PEACE = Pattern(r"(?:没有?|未)(?:发生|起)?(?:肢体|正面)?冲突|没(?:有)?动手|没打起来")
_FINE = Pattern(rf"(?:{FOLK})[^,。;\d]{{0,6}}没(?:啥|什么|大)?事(?!儿?[干做先])")
_ILL = Pattern(r"受伤|医院|死|昏|晕|伤了|伤着|流血|骨折|烧伤|烫")
_OTHERS = Pattern(r"(?:其余|其他|其它|别人|别的|另外|另|剩下)[^,。;]{0,6}$")
ASKED = Pattern(
    r"有没有|有无|是否|是不是|(?<!十)几个人|不知道|不清楚|不详|不明|没问|待核|待查|未知|不好说|没统计|还没数|在核实|说不准|没法确定|不确定|[底竟]几|多少"
)
_WHO = Pattern(rf"(?!伤者|伤员|人员|群众|患者|病人|客人|居民|住户|行人|路人)(?:{FOLK})")
_FREED = Pattern(r"员?[^,。;\d\n没未]{0,4}(?:救出|获救|脱困|救上|脱险)")
_SOFT = Pattern(r"应该|好像|估计|可能|听说|据说|暂|目前|吧|大概|初步|看样子|疑似|接到|收到|说是")


def clause_at(text: str, at: int) -> str:
    """Return the clause around a place, cut at stops and blanks."""
    start = max(text.rfind(mark, 0, at) for mark in ",。; \n")
    ends = [e for mark in ",。; \n" if (e := text.find(mark, at)) >= 0]
    return text[start + 1 : min(ends, default=len(text))]


def read_none(text: str, got: dict[str, Figure], doubts: list[str]) -> None:
    """Set to 0 what is said to be none; what is both counted and denied is a span with a doubt."""
    for names, pattern in _NONE:
        for match in re.finditer(pattern, text):
            clause = clause_at(text, match.start())
            if ASKED.search(clause) or _OTHERS.search(text[max(match.start() - 10, 0) : match.start()]):
                continue
            for name in names:
                if name == names[0] and (floor(got[name]) if name in got else 0):
                    doubts.append(f"{LABEL[name]}有两个说法：{got[name].text}、{match.group()}")
                    got[name] = Figure(
                        None, 0, got[name].value or got[name].high, f"{got[name].text}、{match.group()}"
                    )
                if name not in got:
                    got[name] = Figure(0, None, None, _as_said(clause.strip(), match.group()))
                    if name == "deaths" and names[0] == "injured":
                        doubts.append("死亡没有单独说，由“没人受伤”得0")
            if _SOFT.search(clause):
                doubts.append(f"“{clause.strip()[:20]}”未核实")
    _read_fine(text, got, doubts)
    peace = _PEACE.search(text)
    if peace and "deaths" not in got and "injured" not in got:
        got["deaths"] = got["injured"] = Figure(0, None, None, peace.group())
        doubts.append(f"伤亡没有单独说，由“{peace.group()}”得0，未核实")


def _as_said(clause: str, words: str) -> str:
    """Return the words that deny a figure, with the doubt in them where the clause is short."""
    return clause if _SOFT.search(clause) and len(clause) <= len(words) + 4 else words


def _read_fine(text: str, got: dict[str, Figure], doubts: list[str]) -> None:
    """Take "老两口没事" for nobody hurt when the line tells of no harm at all."""
    fine = _FINE.search(text)
    if fine and "injured" not in got and not _ILL.search(text):
        got["injured"] = Figure(0, None, None, fine.group())
        if "deaths" not in got:
            got["deaths"] = got["injured"]
            doubts.append("死亡没有单独说，由“没事”得0")


def _others_hurt(match: re.Match[str], got: dict[str, Figure], doubts: list[str]) -> None:
    """Ask about somebody hurt who is none of those counted: "3名学生轻微伤，老师骨折"."""
    who, counted = _WHO.match(match.group()), got.get("injured")
    of = _WHO.search(counted.text) if counted and floor(counted) else None
    if who and of and who.group() != of.group() and not match.group().endswith(("摔倒", "跌倒")):
        doubts.append(f"“{match.group().strip()}”没有计入受伤人数，请核实")


def read_some(text: str, got: dict[str, Figure], doubts: list[str]) -> None:
    """Note whom something befell without a number: "有人受伤", "孩子中毒"."""
    for match in [*SOME.finditer(text), *SUBJECTLESS.finditer(text), *SUBJECT.finditer(text)]:
        name = "" if match.re is SUBJECTLESS.compiled else figure_of(match)
        if not name and _FREED.match(text, match.end()):
            continue
        dead = not name and match.group().endswith(("生命体征", "死亡"))
        name = "deaths" if dead else "injured" if name == HOSPITAL else name or "trapped"
        if name == "injured" and match.re is SUBJECT.compiled:
            _others_hurt(match, got, doubts)
        if (
            name == "affected"
            or (match.groupdict().get("e_injured") and VICTIM.search(text))
            or name in got
            or ASKED.search(match.group())
            or (match.re is SOME.compiled and text[: match.start()].endswith(("没", "没说")))
        ):
            continue
        if not dead and re.search(
            r"(?:没有?|无|未)[^,。;]{0,3}$", text[max(match.start() - 5, 0) : match.start()]
        ):
            continue
        said = match.groupdict().get("maybe")
        unsure = said or re.search(
            r"好像|疑似|可能|估计|怀疑|听说", text[max(match.start() - 4, 0) : match.start()]
        )
        got[name] = Figure(None, None, None, "疑似有" if unsure else "有，人数不详")
        if dead and match.group().endswith("征"):
            doubts.append("“无生命体征”不是宣布死亡，请核实")
        elif unsure:
            doubts.append(f"疑似有人{LABEL.get(name, '')}，未核实")


_DEAD = Pattern(
    r"(?:死亡|遇难|身亡|丧生|溺亡|去世|殉职|尸体|遗体|死的(?=是|那|有))(?!人数|情况|原因|率|证明|危险|可能|名单|登记|赔|抚恤|[的之]?事|家属|者家属)"
)
_NOT_DEAD = Pattern(
    r"(?:没|无|未|不是|有无|是否|避免|防止|假装|曾|去年|前年)[^,。;]{0,6}$|[鸡鸭鹅猪鱼牛羊狗猫树苗虫禽畜][^,。;]{0,4}$"
)


def read_dead(text: str, got: dict[str, Figure], doubts: list[str]) -> None:
    """Note a death that is told without a number and without whom ("送医途中死亡"): never dropped (P5)."""
    if "deaths" in got:
        return
    for match in _DEAD.finditer(text):
        if ASKED.search(clause_at(text, match.start())) or _NOT_DEAD.search(text[: match.start()][-10:]):
            continue
        got["deaths"] = Figure(None, None, None, "有，人数不详")
        doubts.append(f"“{clause_at(text, match.start()).strip()[-12:]}”没写死亡几人，请核实")
        return
