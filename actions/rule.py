"""Rules changed from chat (product.md §9): validated before they are kept, versioned, undone one by one."""

import difflib
import re
from datetime import datetime

from actions import finding
from actions.authority import refuse
from config.rules import RuleError, change_rules, explained, flat, load_rules
from domain.actor import Actor
from domain.notice import Notice
from domain.notices import base
from domain.notices import room as say
from domain.people import Role
from storage import log, room, rule
from storage.database import Tx
from storage.room import RuleChange

HISTORY = 5
PAST = ("历史", "改动", "变更")
DEFAULT = ("默认", "出厂", "default")
_REASON = re.compile(r"[\s，,;；]*(?:因为|原因[:\uff1a]?)\s*(.+)$", re.DOTALL)


def names_rule(words: str) -> bool:
    """Return True if words begin with a rule's key or name a group of rules, so that they need no blank before them."""
    head = re.split(r"[\s=＝]", words, maxsplit=1)[0].lower()
    return head in ("撤销", *PAST) or any(head == key or head == _group_of(key) for key in flat(load_rules()))


async def read_or_change(tx: Tx, who: Actor, now: datetime, text: str) -> Notice:
    """Show the groups, a group or a rule; change a rule; or take the newest change back."""
    if refused := refuse(who, "设置", Role.ADMIN):
        return refused
    key, rest = (*re.split(r"[\s=＝]+", text.strip(), maxsplit=1), "")[:2]
    key = key.rstrip("。.！!").lower()
    if not key:
        return _groups(tx)
    if key in PAST:
        return await _history(tx)
    if key == "撤销":
        return await _undo(tx, who, now, rest.strip(" 。.！!"))
    if key not in flat(tx.rules):
        return _group(tx, key)
    value = rest.strip().removeprefix("=").strip()
    return await change(tx, who, now, key, value) if value else await _show(tx, key)


def _group_of(key: str) -> str:
    return key.rpartition(".")[0]


def _groups(tx: Tx) -> Notice:
    keys = [_group_of(key) for key in flat(tx.rules)]
    return say.RuleGroups(groups=tuple((group, keys.count(group)) for group in dict.fromkeys(keys)))


def _lines(tx: Tx) -> dict[str, say.RuleLine]:
    shipped, meanings = flat(load_rules()), explained()
    return {
        key: say.RuleLine(
            key=key,
            value=value,
            shipped=shipped[key],
            meaning=meanings.get(key) or meanings.get(_group_of(key), ""),
        )
        for key, value in flat(tx.rules).items()
    }


def _group(tx: Tx, group: str) -> Notice:
    lines = tuple(line for key, line in _lines(tx).items() if key.startswith(f"{group}."))
    if lines:
        return say.RuleList(group=group, lines=lines)
    known = list(flat(tx.rules))
    meant = explained()
    near = [key for key in known if group in key or group in meant.get(key, "")]
    near = near or difflib.get_close_matches(group, known, 5, 0.5)
    return say.RuleUnknown(key=group[:60], near=tuple(near[:5]))


async def _show(tx: Tx, key: str) -> Notice:
    history = await room.rule_history(tx, key, HISTORY)
    return say.RuleShown(line=_lines(tx)[key], history=tuple(map(_version, history)))


async def _history(tx: Tx) -> Notice:
    return say.RuleHistory(changes=tuple((c.key, _version(c)) for c in await room.rule_history(tx)))


def _version(c: RuleChange) -> say.RuleVersion:
    return say.RuleVersion(version=c.id, value=c.value, by=c.by, at=c.at)


async def change(tx: Tx, who: Actor, now: datetime, key: str, typed: str) -> Notice:
    """Change one rule to what was typed (`… 因为 …` gives the reason); the caller has asked who may."""
    found = _REASON.search(typed)
    reason = found[1].strip() if found else ""
    value = typed[: found.start()].strip() if found else typed
    old = flat(tx.rules)[key]
    try:
        new = flat(change_rules(tx.rules, key, flat(load_rules())[key] if value in DEFAULT else value))[key]
    except RuleError as error:
        return say.RuleRefused(why=str(error), example=f"设置 {key} {old}")
    if new == old and value not in DEFAULT:
        return say.RuleRefused(why=f"{key} 现在就是 {old}。", example=f"设置 {key}")
    return await _write(tx, who, now, key, old, None if value in DEFAULT else new, reason)


async def _write(
    tx: Tx, who: Actor, now: datetime, key: str, old: str, value: str | None, reason: str
) -> Notice:
    version = await room.change_rule(tx, now, key, value, who.id)
    new = value if value is not None else flat(load_rules())[key]
    tx.rules = change_rules(tx.rules, key, new)  # one unit of work may hold several updates
    await log.append(
        tx, now, who.id, "rule.changed", "", f"{key}:{old} → {new} {reason}".strip(), version=version
    )
    await _look_again(tx, now, key)
    return say.RuleChanged(key=key, old=old, new=new, version=version, reason=reason, undone=None, at=now)


async def _undo(tx: Tx, who: Actor, now: datetime, named: str) -> Notice:
    last = await rule.newest_standing(tx)
    if last is None:
        return base.WrongForm(why="没有可以撤销的改动。", example="设置 misc.rollcall 5m")
    if named and last.key not in named and re.findall(r"\d+", named) != [str(last.id)]:
        return say.UndoOther(named=named[:60], version=last.id, key=last.key)
    old = flat(tx.rules)[last.key]
    new = last.before if last.before is not None else flat(load_rules())[last.key]
    try:
        tx.rules = change_rules(tx.rules, last.key, new)
    except RuleError as error:  # other rules were changed since that need this one
        return say.RuleRefused(why=str(error), example=f"设置 {last.key}")
    version = await rule.undo(tx, now, last, who.id)
    await log.append(
        tx, now, who.id, "rule.undone", "", f"{last.key}:{old} → {new}", version=version, undoes=last.id
    )
    await _look_again(tx, now, last.key)
    return say.RuleChanged(key=last.key, old=old, new=new, version=version, reason="", undone=last.id, at=now)


async def _look_again(tx: Tx, now: datetime, key: str) -> None:
    """Another roster rule may open posts or fill them."""
    if key.startswith("roster."):
        await finding.refresh(tx, now)
