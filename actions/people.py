"""People come in by sheet and invitation, are looked up, and lose access at once when revoked."""

import difflib
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from actions import callout_ladder, duty, finding, swap
from actions.authority import refuse
from actions.secret import hash_code, new_code
from domain.actor import Actor
from domain.notice import Notice
from domain.notices import base
from domain.notices import people as say
from domain.people import Role, UnitLevel
from domain.people_match import find_known
from domain.phone import Phone, read_phone
from storage import log, outbox, people, room, roster
from storage.database import Tx

SHOWN = 40


def posts_words(who: Actor) -> str:
    """Return a person's posts in words."""
    return "、".join(f"{p.unit}{p.role.word}{p.ab + '角' if p.ab else ''}".strip() for p in who.posts)


async def claim(tx: Tx, now: datetime) -> str:
    """Return a one-time code with which the first admin binds by /start CODE."""
    code = new_code()
    await people.invite(tx, now, hash_code(code), now + tx.rules.misc.invitation, None)
    await log.append(tx, now, None, "admin.claim", "")
    return code


async def home(
    tx: Tx, who: Actor, now: datetime, words: Sequence[Sequence[str]], menu: Sequence[tuple[str, str]]
) -> Notice:
    """Return the home card and set the person's command menu."""
    officer = await duty.officer_now(tx, now)
    leaders = await duty.leaders_to_tell(tx, now)
    await outbox.say(tx, now, base.Menu(commands=tuple(menu)), person=who.id)
    return say.Home(
        name=who.name,
        roles=tuple(sorted({r.word for r in who.roles})) or ("暂无岗位",),
        room=tx.rules.room.name,
        officer=officer.name if officer else None,
        leader="、".join(p.name for p in leaders) or None,
        keyboard_words=tuple(tuple(row) for row in words),
    )


async def bind(tx: Tx, now: datetime, account: int, code: str, name: str) -> Actor | Notice:
    """Bind an account by a one-time code; the first admin's code makes a person."""
    invitation = await people.invitation(tx, hash_code(code))
    if invitation is None:
        return base.BadInvitation(why="不对")
    if invitation.used_at is not None:
        return base.BadInvitation(why="已用过")
    if invitation.expires_at <= now:
        return base.BadInvitation(why="已过期")
    await people.use_invitation(tx, now, invitation.id)
    person = invitation.person_id
    if person is None:
        known = await people.by_account(tx, account)
        person = known.id if known else await people.add_person(tx, name or "管理员", "管理员")
        await people.give_post(tx, person, Role.ADMIN)
    await people.bind(tx, person, account)
    await log.append(tx, now, person, "person.bound", "")
    await callout_ladder.moved_in(tx, now, person)
    who = await people.by_id(tx, person)
    return who or base.BadInvitation(why="不对")


def bound(tx: Tx, who: Actor, words: Sequence[Sequence[str]]) -> Notice:
    """Return the greeting of a newly bound person."""
    return say.Bound(
        name=who.name,
        roles=tuple(sorted({r.word for r in who.roles})),
        room=tx.rules.room.name,
        keyboard_words=tuple(tuple(row) for row in words),
    )


async def invite(tx: Tx, who: Actor, now: datetime, name: str, bot_name: str) -> Notice:
    """Make a one-time link for a person; an earlier unused one ends."""
    if refused := refuse(who, "邀请", Role.ADMIN):
        return refused
    found = await _meant(tx, name)
    if len(found) != 1:
        return await _ambiguous(tx, name, found, "邀请")
    code = new_code()
    expires = now + tx.rules.misc.invitation
    await people.invite(tx, now, hash_code(code), expires, found[0].id)
    await log.append(tx, now, who.id, "person.invited", "", found[0].name)
    link = f"https://t.me/{bot_name}?start={code}"
    return say.Invitation(name=found[0].name, code=code, link=link, expires_at=expires)


async def _meant(tx: Tx, text: str) -> list[Actor]:
    """Return the active people a text names, by name, number, or name and unit; other words may stand behind."""
    words = [*filter(None, re.split(r"[\s:：,，、;；。]+", unicodedata.normalize("NFKC", text)))]
    everybody = await people.everybody(tx)
    numbers = {number.number for number in map(read_phone, words) if isinstance(number, Phone)}
    named = [a for a in everybody if a.name in words]
    if numbers:
        return [a for a in (named or everybody) if a.phone in numbers]
    return [a for a in named if any(post.unit in words for post in a.posts)] or named


def _line(who: Actor) -> say.PersonLine:
    return say.PersonLine(
        name=who.name, posts=posts_words(who), phone=who.phone, bound=who.telegram_id is not None
    )


async def _ambiguous(tx: Tx, name: str, found: Sequence[Actor], word: str) -> Notice:
    names = [a.name for a in await people.everybody(tx)]
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.4) if name and not found else []
    ended = not found and await people.is_revoked(tx, name)
    return say.AmbiguousName(
        name=name, near=tuple(near), word=word, several=tuple(map(_line, found)), revoked=ended
    )


async def listing(tx: Tx, who: Actor, now: datetime, query: str) -> Notice:
    """Return the people whose name, unit, role or phone holds the query."""
    del now
    if refused := refuse(who, "人员", Role.ADMIN):
        return refused
    everybody = await people.everybody(tx)
    fits = [a for a in everybody if query in f"{a.name} {posts_words(a)} {a.phone} {a.title}"]
    return say.People(
        lines=tuple(map(_line, fits[:SHOWN])),
        total=len(fits),
        unbound=sum(a.telegram_id is None for a in fits),
        query=query,
    )


async def phone_book(tx: Tx, query: str) -> Notice | None:
    """Return the telephone numbers of those whose name, unit or post holds the query, None where nobody's does."""
    fits = [a for a in await people.everybody(tx) if query in f"{a.name} {posts_words(a)} {a.title}"]
    fits.sort(key=lambda a: a.name != query)
    return (
        say.PhoneBook(lines=tuple(map(_line, fits[:SHOWN])), total=len(fits), query=query) if fits else None
    )


async def revoke_each(tx: Tx, who: Actor, now: datetime, text: str) -> list[Notice]:
    """Take access away from everybody a text consists of (刘芳、周凯), else from the one person it names."""
    names = {a.name for a in await people.everybody(tx)}
    for between in (r"[\s,，、;；]+", r"[\s,，、;；和及]+"):  # 和 may stand in a name
        words = re.split(between, text.strip())
        if len(words) > 1 and names.issuperset(words):
            return [await revoke(tx, who, now, one) for one in dict.fromkeys(words)]
    return [await revoke(tx, who, now, text)]


async def revoke(tx: Tx, who: Actor, now: datetime, text: str) -> Notice:
    """Take a person's access away at once; words behind the name are the reason."""
    if refused := refuse(who, "停用", Role.ADMIN):
        return refused
    found = await _meant(tx, text)
    if len(found) != 1:
        return await _ambiguous(tx, text, found, "人员 停用")
    name = found[0].name
    watch = await roster.watch(tx)
    if watch is not None and watch.person_id == found[0].id:
        return base.WrongForm(
            why=f"{name} 正在值班，不能停用。请先交班，或请带班领导强制交接。",
            example="强制交接 陈刚 原值班员调离",
        )
    admins = [a for a in await people.with_role(tx, Role.ADMIN) if a.telegram_id is not None]
    if [a.id for a in admins] == [found[0].id]:
        return base.WrongForm(
            why=f"{name} 是唯一的管理员，停用后没有人能管理。请先导入人员表，给别人管理员角色并邀请。",
            example="导入",
        )
    shifts = await roster.of_person(tx, found[0].id, now)
    await callout_ladder.left(tx, now, found[0].id, "已停用")
    await people.revoke(tx, now, found[0].id)
    await log.append(tx, now, who.id, "person.revoked", "", text)
    await swap.void_of(tx, now, found[0].id)
    await finding.refresh(tx, now)
    return say.Revoked(name=name, at=now, shifts_ahead=len(shifts))


async def tag(tx: Tx, who: Actor, now: datetime, name: str, words: Sequence[str]) -> Notice:
    """Give a unit tags by which warnings can pick it, such as 低洼; without words, take them away."""
    if refused := refuse(who, "单位", Role.ADMIN):
        return refused
    tree = await people.all_units(tx)
    if name not in tree:
        near = difflib.get_close_matches(name, list(tree), n=3, cutoff=0.4)
        hint = f"（是不是 {'、'.join(near)}）" if near else ""
        return base.WrongForm(why=f"没有单位「{name}」{hint}。", example="单位 海棠里社区 标签 低洼")
    await people.set_tags(tx, tree[name].id, words)
    await log.append(tx, now, who.id, "unit.tagged", "", f"{name}：{'、'.join(words) or '（删去）'}")
    return await units(tx, who, now, name)


async def units(tx: Tx, who: Actor, now: datetime, query: str) -> Notice:
    """Return the units whose name or tag holds the query, with their responsible people."""
    del now
    if refused := refuse(who, "单位", Role.ADMIN):
        return refused
    tags: dict[int, list[str]] = {}
    for word, tagged in (await people.tags(tx)).items():
        for unit_id in tagged:
            tags.setdefault(unit_id, []).append(word)
    holders: dict[int, dict[str, str]] = {}
    for actor in await people.with_role(tx, Role.CONTACT):
        for post in actor.posts:
            if post.role is Role.CONTACT and post.unit_id is not None:
                holders.setdefault(post.unit_id, {})[post.ab or "A"] = actor.name
    every = list((await people.all_units(tx)).values())
    fits = [u for u in every if query in u.name or query in tags.get(u.id, ())]
    lines = [
        say.UnitLine(
            name=u.name,
            level=u.level.value,
            a_name=holders.get(u.id, {}).get("A"),
            b_name=holders.get(u.id, {}).get("B"),
            tags=tuple(tags.get(u.id, ())),
        )
        for u in fits[:SHOWN]
    ]
    counts = Counter(u.level.value for u in every)
    return say.Units(
        lines=tuple(lines), counts=tuple(counts.items()), query=query, more=max(0, len(fits) - SHOWN)
    )


@dataclass(frozen=True)
class Taken:
    """How much of a people sheet was laid in."""

    units: int
    people: int


async def lay_in(tx: Tx, now: datetime, by: int | None, data: dict[str, list[dict[str, object]]]) -> Taken:
    """Write a checked people sheet: units first, then people with their posts; what it names replaces what stood.

    Somebody whose access was taken away comes back with the roles of the sheet and no others, and is sent what their
    units owe.
    """
    keys: dict[str, int] = {name: unit.id for name, unit in (await people.all_units(tx)).items()}
    for row in _parents_first(data["units"]):
        parent = keys.get(str(row["parent"])) if row["parent"] else None
        keys[str(row["name"])] = await people.put_unit(
            tx, str(row["name"]), UnitLevel(str(row["level"])), parent
        )
        if isinstance(tags := row.get("tags"), list | tuple):
            await people.set_tags(tx, keys[str(row["name"])], [str(tag) for tag in tags])
    former = await people.former(tx)
    found = known_of(data["people"], await people.everybody(tx), former)
    named = {str(r["unit"]) for p in data["people"] for r in _roles(p) if r["role"] == "contact"}
    await people.clear_posts(tx, [keys[name] for name in named if name in keys], Role.CONTACT)
    back = [who for who in found if who is not None and who in former]
    for who in back:
        await people.restore(tx, who.id)
        await log.append(tx, now, by, "person.restored", "", who.name)
    for row, known in zip(data["people"], found, strict=True):
        await _lay_in_person(tx, row, keys, known.id if known else None)
    for person in await people.reachable(tx, [who.id for who in back]):
        await callout_ladder.moved_in(tx, now, person)
    if back:
        await finding.refresh(tx, now)  # their shifts are theirs again
    return Taken(len(data["units"]), len(data["people"]))


def known_of(
    rows: Sequence[dict[str, object]], everybody: Sequence[Actor], former: Sequence[Actor]
) -> list[Actor | None]:
    """Return for each person of a checked sheet who that is, or was (`former`), None for somebody new."""
    listed = [(str(row["name"]), str(row["phone"])) for row in rows]
    return [
        find_known(
            name,
            phone,
            _account(row),
            {(str(role["unit"]), str(role["role"])) for role in _roles(row)},
            everybody,
            listed,
            former,
        )
        for row, (name, phone) in zip(rows, listed, strict=True)
    ]


def _account(row: dict[str, object]) -> int | None:
    return int(str(row["telegram_id"])) if row["telegram_id"] else None


async def _lay_in_person(tx: Tx, row: dict[str, object], keys: dict[str, int], person: int | None) -> None:
    name, phone, title = str(row["name"]), str(row["phone"]), str(row["title"])
    account = _account(row)
    if person is None:
        person = await people.add_person(tx, name, title, phone, account)
    else:
        await people.change_person(tx, person, name=name, title=title, phone=phone, telegram_id=account)
    for role in _roles(row):
        unit = keys.get(str(role["unit"])) if role["unit"] else None
        await people.give_post(
            tx,
            person,
            Role(str(role["role"])),
            unit,
            _text(role["ab"]),
            first_day=_text(role.get("first_day")),
            last_day=_text(role.get("last_day")),
        )


def _text(cell: object) -> str | None:
    return str(cell) if cell else None


def _roles(row: dict[str, object]) -> list[dict[str, object]]:
    roles = row["roles"]
    return roles if isinstance(roles, list) else []


def _parents_first(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    names = {row["name"] for row in rows}
    placed: set[object] = set()
    ordered: list[dict[str, object]] = []
    waiting = list(rows)
    while waiting:
        ready = [r for r in waiting if not r["parent"] or r["parent"] in placed or r["parent"] not in names]
        if not ready:
            ready = waiting
        ordered += ready
        placed |= {r["name"] for r in ready}
        waiting = [r for r in waiting if r["name"] not in placed]
    return ordered


async def bind_group(tx: Tx, who: Actor, now: datetime, chat: int) -> Notice:
    """Allow-list the group an admin brought the bot to."""
    await room.set_group(tx, chat)
    await log.append(tx, now, who.id, "group.bound", "", str(chat))
    return say.GroupBound(room=tx.rules.room.name)
