"""The heads of a bulletin text: announcements with headline and body joined, signatures and labels added."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from config.tables import HazardTable
from domain.bulletin_changes import Change, level_doubt, read_changes
from domain.bulletin_issuer import read_office, sign_off
from domain.bulletin_levels import colour_of_level
from domain.bulletin_mentions import find_uncoloured
from domain.bulletin_reading import Action, Colour
from domain.bulletin_statements import (
    Statement,
    announces,
    follows,
    is_headline,
    read_preamble,
    read_statement,
    split_statements,
)
from domain.bulletin_window import forecast_part
from domain.plain import Plain
from domain.stamps import Stamp

_GUIDE = re.compile(r"(?:防御|防范|应对)(?:指南|措施|建议|提示)|温馨提示|街道提示")
_LABEL_HAZARD = re.compile(
    r"(?:预警|灾害|事件|信号)?(?:类型|类别|灾种|种类|名称)[:】]([一-龥()]{1,14}?)(?=预警|信号|警报|发布|等级|级别|[^一-龥]|$)"
)
_LABEL_COLOUR = re.compile(
    r"(?:预警|信号|风险|灾害)?(?:等级|级别|颜色)[:】]\W?([蓝黄橙红]色?|(?:I{1,3}|IV|[一二三四1-4])级)"
)
_LABEL_ACT = re.compile(r"(?:预警)?(?:状态|动作|操作|类型)[:】](发布|解除|更新|继续发布|升级|降级)")


@dataclass(frozen=True, slots=True)
class Head:
    """An announcement with its changes, where its section starts, and doubts met while joining."""

    statement: Statement
    changes: tuple[Change, ...]
    start: int
    doubts: tuple[str, ...] = ()

    def is_full(self) -> bool:
        """Return True when it says who, when, what and how grave."""
        said = all(c.hazard and c.colour for c in self.changes)
        return said and self.statement.issuer is not None and self.statement.stamp is not None


def _head(statement: Statement) -> Head:
    changes = tuple(read_changes(statement.text, list(statement.mentions)))
    return Head(statement, changes, statement.start)


def _hazards(head: Head) -> set[str | None]:
    return {change.hazard for change in head.changes}


def _colours(head: Head) -> set[Colour | None]:
    return {change.colour for change in head.changes}


def _join(last: Head, new: Head) -> Head | None:
    """Return headline and body as one head, None when `new` is another announcement."""
    if _hazards(last) != _hazards(new) or len(last.changes) != len(new.changes):
        return None
    headline, body = last.statement, new.statement
    same = _colours(last) == _colours(new)
    if headline.stamp is None and body.stamp is not None and (headline.issuer or is_headline(headline)):
        doubts = () if same else ("标题与正文的颜色不同，取正文",)
        issuer = body.issuer or headline.issuer
        return Head(replace(body, issuer=issuer), new.changes, last.start, (*last.doubts, *doubts))
    if body.issuer and headline.stamp and body.stamp and _when(body) != _when(headline):
        return None
    if not same or (body.issuer and headline.issuer and body.stamp and body.issuer != headline.issuer):
        return None
    turned = any(change.from_colour for change in new.changes)
    return replace(last, changes=new.changes) if turned else last


def _when(statement: Statement) -> tuple[int | None, ...]:
    stamp = statement.stamp
    return (stamp.month, stamp.day, stamp.hour, stamp.minute) if stamp else ()


def _office(text: str, table: HazardTable) -> tuple[str, None] | None:
    """Return an office that stands alone before what it announces: "长江委水文局:"."""
    name = read_office(text, table)
    return (name, None) if name else None


def _opened(statement: Statement, opening: tuple[str, Stamp | None] | None) -> Statement:
    """Return the statement with issuer and time of the opening before it: "…气象台7月25日16时消息:"."""
    if opening is None or (statement.issuer and statement.stamp):
        return statement
    own = statement.stamp if statement.stamp and (statement.stamp.day or statement.issuer) else None
    return replace(statement, issuer=statement.issuer or opening[0], stamp=own or opening[1])


def _announced(plain: str, table: HazardTable) -> list[Head]:
    heads: list[Head] = []
    opening: tuple[str, Stamp | None] | None = None
    advising = False
    for start, end in split_statements(plain):
        statement = read_statement(plain, start, end, table)
        if statement is None:
            opening = read_preamble(plain[start:end], table) or _office(plain[start:end], table) or opening
            advising = advising or _GUIDE.search(plain[start:end]) is not None
            continue
        if advising and statement.issuer is None:
            continue
        statement, opening = _opened(statement, opening), None
        if not (announces(statement) or (heads and follows(statement))):
            continue
        advising = False
        head = _head(statement)
        joined = _join(heads[-1], head) if heads else None
        if joined:
            heads[-1] = joined
        else:
            heads.append(head)
    return _inherit(heads)


def _inherit(heads: list[Head]) -> list[Head]:
    """Return heads where "同时解除…" takes issuer and time from the head before it."""
    out: list[Head] = []
    for head in heads:
        said = head.statement
        if out and said.issuer is None and said.stamp is None:
            before = out[-1].statement
            said = replace(said, issuer=before.issuer, stamp=before.stamp)
        out.append(replace(head, statement=said))
    return out


def _signed(heads: list[Head], plain: str, table: HazardTable) -> list[Head]:
    """Return the heads, each with issuer and time from the labels or the signature of its section."""
    ends = [*(head.start for head in heads[1:]), len(plain)] if heads else []
    out = []
    for head, end in zip(heads, ends, strict=True):
        said = head.statement
        start = 0 if len(heads) == 1 else head.start
        issuer, stamp = (None, None) if head.is_full() else _signer(plain[start:end], table)
        out.append(
            replace(head, statement=replace(said, issuer=said.issuer or issuer, stamp=said.stamp or stamp))
        )
    return out


def _signer(plain: str, table: HazardTable) -> tuple[str | None, Stamp | None]:
    """Return (issuer, time) from labels or a signature, else from "…气象台7月25日16时发布,预计…"."""
    issuer, stamp = sign_off(plain, table)
    if issuer or stamp:
        return issuer, stamp
    said = (read_preamble(plain[a:b], table) for a, b in split_statements(plain))
    return next((one for one in said if one), (None, None))


def _titled(plain: str, table: HazardTable) -> list[Head]:
    """Return heads put together from a warning's name alone and a signature with issuer and time."""
    said = (read_statement(plain, start, end, table) for start, end in split_statements(plain))
    titles = [_head(s) for s in said if s and not s.told]
    kept = [h for at, h in enumerate(titles) if at == 0 or is_headline(h.statement)]
    joined: list[Head] = []
    for head in kept:
        if joined and _hazards(joined[-1]) == _hazards(head):
            continue
        joined.append(head)
    return [h for h in _signed(joined, plain, table) if h.statement.issuer and h.statement.stamp]


def _labelled_hazard(plain: str, table: HazardTable) -> re.Match[str] | None:
    """Return the label whose value is a hazard of the table, else the first one."""
    labels = list(_LABEL_HAZARD.finditer(plain))
    return next((label for label in labels if table.find(label.group(1))), labels[0] if labels else None)


def _labelled(plain: str, table: HazardTable) -> list[Head]:
    """Return the head of a form: 预警类型, 预警等级, 发布单位, 发布时间, each on its line."""
    hazard, colour = _labelled_hazard(plain, table), _LABEL_COLOUR.search(plain)
    if hazard is None or colour is None:
        return []
    issuer, stamp = sign_off(plain, table)
    act = _LABEL_ACT.search(plain)
    level = colour.group(1)
    level = level if level.endswith(("级", "色")) else f"{level}色"
    text = f"{act.group(1) if act else '发布'}{hazard.group(1)}{level}预警"
    said = read_statement(text, 0, len(text), table)
    if said is None or (issuer is None and stamp is None):
        return []
    end = max(hazard.end(), colour.end())
    head = _head(replace(said, issuer=issuer, stamp=stamp))
    return [replace(head, start=0, statement=replace(head.statement, end=end))]


def _found(plain: str, table: HazardTable) -> list[Head]:
    readers: tuple[Callable[[str, HazardTable], list[Head]], ...] = (_announced, _titled, _labelled)
    return next((heads for read in readers if (heads := read(plain, table))), [])


def _read(plain: str, table: HazardTable) -> list[Head]:
    heads = _inherit(_signed(_found(plain, table), plain, table))
    return [_coloured(_named(heads[0], plain, table), plain)] if len(heads) == 1 else heads


def _named(head: Head, plain: str, table: HazardTable) -> Head:
    """Return a lone warning without a hazard with the one that its title names without a colour."""
    title = find_uncoloured(plain[: head.statement.start], table)
    if len(head.changes) != 1 or head.changes[0].hazard or title is None:
        return head
    return replace(head, changes=(replace(head.changes[0], hazard=title.hazard),))


def _coloured(head: Head, plain: str) -> Head:
    """Return a lone warning without a colour with the one of a label: "发布暴雨预警,预警级别:橙色"."""
    if len(head.changes) != 1 or head.changes[0].colour:
        return head
    label = _LABEL_COLOUR.search(plain)
    word = label.group(1) if label else _only_colour(forecast_part(plain))
    if word is None:
        return head
    colour = colour_of_level(word) or Colour(word[0])
    asked = [] if label else [f"颜色取自正文（{word}），请核对"]
    asked += [level_doubt(word, colour)] if word.endswith("级") else []
    return replace(head, changes=(replace(head.changes[0], colour=colour),), doubts=(*head.doubts, *asked))


def _only_colour(text: str) -> str | None:
    """Return the colour that a forecast names with 预警, None when it names several or none."""
    found = set(re.findall(r"([蓝黄橙红]色)(?=[)\]】]?(?:预警|警报))", text))
    return found.pop() if len(found) == 1 else None


def find_heads(plain: Plain, table: HazardTable) -> tuple[Plain, list[Head]]:
    """Return (the text as read, its heads): as broken into lines, else with the line ends taken out."""
    heads = _read(plain.text, table)
    if "\n" not in plain.text.strip():
        return plain, heads
    whole = _unbroken(plain)
    other = _read(whole.text, table)
    return (whole, other) if _says_more(other, heads) else (plain, heads)


def _says_more(whole: list[Head], broken: list[Head]) -> bool:
    """Return True when the text without its line ends reads better: a line end stood within a head."""
    if not broken or not whole:
        return bool(whole)
    if len(whole) > len(broken) or not all(head.is_full() for head in whole):
        return False
    if not all(head.is_full() for head in broken):
        return True
    pairs = zip(_all_changes(whole), _all_changes(broken), strict=False)
    return any(_is_fuller(new, old) for new, old in pairs)


def _all_changes(heads: list[Head]) -> list[Change]:
    return [change for head in heads for change in head.changes]


def _is_fuller(new: Change, old: Change) -> bool:
    """Return True when `new` knows the earlier colour, another verb, or a longer hazard ("雷雨大风" for "大风")."""
    longer = new.hazard != old.hazard and (new.hazard or "").endswith(old.hazard or "")
    acts = old.action is Action.NEW and new.action is not Action.NEW
    return longer or acts or (new.from_colour is not None and old.from_colour is None)


def _unbroken(plain: Plain) -> Plain:
    """Return the text without line ends and the marks of quoting behind them."""
    gone = {at for match in re.finditer(r"\n[>|]*", plain.text) for at in range(*match.span())}
    kept = [at for at in range(len(plain.text)) if at not in gone]
    return Plain("".join(plain.text[at] for at in kept), plain.source, tuple(plain.at[at] for at in kept))
