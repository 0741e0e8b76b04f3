"""From a raw update to an answer: who, what, one handler, its outcome into the outbox. Deny by default (P6)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from telegram import Bot, CallbackQuery, Message, Update

from actions import roster_import, sheet
from actions.people import bind_group
from actions.view import VIEWS
from domain.actor import Actor
from domain.notice import Notice
from domain.notices import base
from domain.people import Role
from domain.word_order import begins_with_number, only_incident
from handlers import answers, fallback
from handlers.desk import (
    NUMBERED,
    PRESSES,
    TOGETHER,
    TWINS,
    Answer,
    Attachment,
    Command,
    Desk,
    apart,
    find_command,
    find_twin,
    find_twins,
    listed,
    plain,
    straight,
)
from storage import button, draft, inbox, outbox, people, room
from storage.database import Tx

TEXT_LIMIT = 4096
GROUP_COMMANDS = ("start", "help", "duty", "warnings", "incidents")
"""What may be asked in the room's group: nothing that shows whole phones or takes a signature."""

HEADS = ("duty", "roster", "generate")
"""Commands whose words stand as a title over a roster that is pasted."""


@dataclass(frozen=True)
class PopUp:
    """The answer to a press, given after the commit."""

    query_id: str
    notice: Notice | None
    chat: int


async def together(tx: Tx, raws: Sequence[dict[str, Any]]) -> list[list[int]]:
    """Return the places of updates to be handled at once: presses of one button by several people in a row."""
    presses = [_press(raw.get("callback_query")) for raw in raws]
    known = await button.by_tokens(tx, [data for _, data in presses if data])
    groups: list[list[int]] = []
    before, accounts = None, set[int]()
    for place, (account, data) in enumerate(presses):
        pressed = known.get(data)
        what = (pressed.act, pressed.subject) if pressed is not None and pressed.act in TOGETHER else None
        if what is None or what != before or account in accounts:
            groups.append([])
            accounts = set()
        groups[-1].append(place)
        accounts.add(account)
        before = what
    return groups


def _press(query: object) -> tuple[int, str]:
    """Return who pressed, and the button's data; "" for anything of another shape, which is handled alone."""
    match query:
        case {"from": {"id": int(account)}, "data": str(data)}:
            return account, data
        case _:
            return 0, ""


TAKES_FILES = ("report", "log", "warn", "tasks", "template", "import")
"""Commands that do something with the file of which they are the caption; of any other it is kept beside."""
ABOUT_EVENTS = ("followup", "final", "supplement")


async def handle(
    tx: Tx,
    now: datetime,
    bot: Bot,
    raws: Sequence[dict[str, Any]],
    prepared: dict[str, Any] | None,
    received_at: datetime,
) -> list[PopUp]:
    """Handle one update (or presses together) in this unit of work; return the pop-ups to be given after the commit.

    `received_at`: when it came, which is earlier than now by the time its file took.
    """
    updates = [Update.de_json(raw, bot) for raw in raws]
    queries = [update.callback_query for update in updates if update.callback_query is not None]
    if queries:
        return await _pressed(tx, now, queries)
    for update in updates:
        if update.message is not None:
            await _said(tx, now, update.message, prepared, min(received_at, now))
            await _forget(tx, update)
        elif update.edited_message is not None:
            await _edited(tx, now, update.edited_message)
        elif update.my_chat_member is not None:
            await _membership(tx, now, update)
    return []


async def _edited(tx: Tx, now: datetime, message: Message) -> None:
    """Words changed after they were sent change nothing that was recorded: their writer is told to write anew."""
    private = message.chat.type == "private"
    who = await people.by_account(tx, message.from_user.id) if message.from_user and private else None
    if who is not None and plain(message.text or message.caption or ""):
        await _say_all(tx, now, message.chat.id, who, base.Edited())


async def _forget(tx: Tx, update: Update) -> None:
    """Leave of a message that held a key no more than its command."""
    found = find_command(plain(update.message.text or "")) if update.message else None
    if found and found[0].secret and found[1]:
        await inbox.put_words(tx, update.update_id, found[0].word)


async def _said(
    tx: Tx, now: datetime, message: Message, prepared: dict[str, Any] | None, received_at: datetime
) -> None:
    if message.from_user is None or message.from_user.is_bot:
        return
    private = message.chat.type == "private"
    who = await people.by_account(tx, message.from_user.id)
    chat = message.chat.id
    text = plain(message.text or message.caption or "")
    if message.migrate_to_chat_id and await room.group(tx) == chat:
        await room.set_group(tx, message.migrate_to_chat_id)
        return
    if not private and not await _in_our_group(tx, now, chat, who, text):
        return
    if who is None:
        if private:
            await _say_all(tx, now, chat, None, await _stranger(tx, now, message, text))
        return
    if who.blocked:
        await people.blocked(tx, who.id, None)
    album = message.media_group_id or ""
    desk = Desk(tx, now, who, chat, private, text, _attachment(prepared), album=album)
    desk.origin, desk.received_at = _origin(message), received_at
    desk.quoted, desk.asked = _answered(message)
    await _say_all(tx, now, chat, who if private else None, await _answer(desk, message))


def _origin(message: Message) -> str:
    """Return the name a forwarded message shows as its origin, "" for any other message."""
    origin = message.forward_origin
    if origin is None:
        return ""
    named = (getattr(origin, field, None) for field in ("sender_user", "sender_chat", "chat"))
    about = next((one for one in named if one is not None), None)
    name = getattr(about, "title", None) or getattr(about, "full_name", None)
    name = name or getattr(origin, "sender_user_name", None)
    return plain(str(name or "?"))[:40]


def _answered(message: Message) -> tuple[str, str]:
    """Return the words of the message that is answered: of a person, and of the bot."""
    answered = message.reply_to_message
    words = plain(answered.text or answered.caption or "") if answered else ""
    ours = answered is not None and answered.from_user is not None and answered.from_user.is_bot
    return ("", words) if ours else (words, "")


async def _stranger(tx: Tx, now: datetime, message: Message, text: str) -> Answer:
    account = message.from_user
    return await fallback.stranger(tx, now, account.id, account.full_name, text) if account else None


async def _in_our_group(tx: Tx, now: datetime, chat: int, who: Actor | None, text: str) -> bool:
    """Only the allow-listed group is answered, and only commands there; an admin's /start lists a group."""
    found = find_command(straight(text))
    if found is None:
        return False
    if await room.group(tx) == chat:
        return found[0].name in GROUP_COMMANDS
    if who is not None and found[0].name == "start" and who.has(Role.ADMIN):
        await outbox.say(tx, now, await bind_group(tx, who, now, chat), chat=chat)
    return False


def _attachment(prepared: dict[str, Any] | None) -> Attachment | None:
    if prepared is None:
        return None
    rows, merged = prepared.pop("rows", None), prepared.pop("merged", ())
    return Attachment(
        **prepared,
        rows=tuple(tuple(row) for row in rows) if rows is not None else None,
        merged=tuple(tuple(one) for one in merged),
    )


async def _answer(desk: Desk, message: Message) -> Answer:
    if len(desk.text) > TEXT_LIMIT:
        return base.TooLong(length=len(desk.text))
    if desk.private and desk.attachment is None and sheet.is_people(desk.who, desk.text):
        return await sheet.receive_text(desk.tx, desk.who, desk.now, desk.text)
    given: list[Notice] = []
    for part in [desk.text] if desk.attachment else apart(desk.text):
        desk.text = part
        given += listed(await _answer_one(desk, message))
    return given


async def _answer_one(desk: Desk, message: Message) -> Answer:
    as_typed = desk.text
    said = desk.text = straight(as_typed)
    if found := find_twins(said):
        if asked := answers.questioned(desk, found):
            return await fallback.shown(replace(desk, text=as_typed)) or asked
        given = [one for act, number, rest in found for one in listed(await act(desk, number, rest))]
        return [*given, *await fallback.beside(desk, said)] if desk.attachment else given
    if command := find_command(said):
        titled = desk.private and command[0].name in HEADS and "\n" in said
        if titled and await roster_import.is_roster(desk.tx, desk.who, said):
            return await sheet.receive_text(desk.tx, desk.who, desk.now, said)
        if from_above := await _asked_from_above(desk, *command, as_typed):
            return from_above
        desk.text = command[1]
        if number := _event_answered(desk, command[0]):
            if known := find_twin(f"{command[0].word} {number} {desk.text}"):
                given = listed(await known[0](desk, known[1], known[2]))
                return [*given, *await fallback.beside(desk, number)] if desk.attachment else given
            desk.text = f"{number} {desk.text}"
        answer = await run(desk, command[0])
        if desk.attachment is None or not desk.private or command[0].name in TAKES_FILES:
            return answer
        only = command[0].name in ABOUT_EVENTS
        return [*listed(answer), *await fallback.beside(desk, said, only_event=only)]
    return await fallback.free(desk, message)


async def _asked_from_above(desk: Desk, command: Command, rest: str, typed: str) -> Answer:
    """续报呢 of the room above asks the officers for one; a report of an event by its number is theirs to write."""
    if command.name not in ABOUT_EVENTS or desk.who.has(*command.roles) or begins_with_number(rest):
        return None
    return await fallback.from_above(replace(desk, text=typed))


def _event_answered(desk: Desk, command: Command) -> str | None:
    """Return the one incident the answered message of the bot is about, for a command that names none itself."""
    about_one = command.name in NUMBERED or (command.word, "E") in TWINS
    return only_incident(desk.asked) if about_one and not begins_with_number(desk.text) else None


async def run(desk: Desk, command: Command) -> Answer:
    """Run a command if this person may use it."""
    if not desk.who.has(*command.roles):
        return await _refused(desk, command)
    return await command.run(desk)


async def _refused(desk: Desk, command: Command) -> Notice:
    roles = tuple(role.word for role in command.roles)
    if not desk.text or command.secret:
        return base.NotAllowed(what=command.word, roles=roles)
    kept = await draft.keep(desk.tx, desk.now, desk.who.id, "text", desk.text)
    report = desk.who.has(Role.REPORTER, Role.CONTACT)
    return base.NotAllowedKept(what=command.word, roles=roles, draft=kept, report=report)


async def _pressed(tx: Tx, now: datetime, queries: Sequence[CallbackQuery]) -> list[PopUp]:
    """Look up who pressed what; a press in another chat than the button was given to does nothing."""
    everybody = await people.by_accounts(tx, [query.from_user.id for query in queries])
    known = await button.by_tokens(tx, [query.data for query in queries if query.data])
    pop_ups: list[PopUp] = []
    pressed: list[tuple[CallbackQuery, Desk, button.Button]] = []
    for query in queries:
        chat = query.message.chat.id if query.message else query.from_user.id
        who, meant = everybody.get(query.from_user.id), known.get(query.data or "")
        if who is None:
            pop_ups.append(PopUp(query.id, base.NotBound(), chat))
        elif meant is None or meant.chat_id != chat:
            pop_ups.append(PopUp(query.id, base.StaleButton(), chat))
        else:
            pressed.append((query, Desk(tx, now, who, chat, chat > 0, "", pressed=True), meant))
    if pressed:
        meant = pressed[0][2]
        given = await PRESSES[meant.act]([desk for _, desk, _ in pressed], meant.subject)
        for (query, desk, _), answer in zip(pressed, given, strict=True):
            pop_ups.append(await _popped(desk, query.id, answer))
    return pop_ups


async def _popped(desk: Desk, query: str, answer: Answer) -> PopUp:
    notices = [n for n in listed(answer) if n.toast or n.alert]
    rest = [n for n in listed(answer) if not (n.toast or n.alert)]
    await _say_all(desk.tx, desk.now, desk.chat_id, desk.who if desk.private else None, rest)
    return PopUp(query, notices[0] if notices else None, desk.chat_id)


async def _say_all(tx: Tx, now: datetime, chat: int, who: Actor | None, answer: Answer) -> None:
    for notice in listed(answer):
        subject = notice.event()
        person = who.id if who is not None else None
        if notice.kind() in VIEWS:
            await outbox.say_live(
                tx, now, type(notice), subject, person=person, chat=chat, priority=notice.priority, data={}
            )
        else:
            await outbox.say(tx, now, notice, person=person, chat=chat, subject=subject)


async def _membership(tx: Tx, now: datetime, update: Update) -> None:
    """The bot was added to a group: it stays only in the room's, or where an admin brought it."""
    change = update.my_chat_member
    if change is None:
        return
    if change.chat.type == "private":
        who = await people.by_account(tx, change.chat.id)
        if who is not None:
            gone = change.new_chat_member.status in ("kicked", "left")
            await people.blocked(tx, who.id, now if gone else None)
        return
    if change.new_chat_member.status in ("left", "kicked"):
        return
    who = await people.by_account(tx, change.from_user.id)
    if await room.group(tx) == change.chat.id:
        return
    if who is not None and who.has(Role.ADMIN):
        await outbox.say(tx, now, await bind_group(tx, who, now, change.chat.id), chat=change.chat.id)
        return
    await outbox.say(
        tx, now, base.Leave(), chat=change.chat.id, key=f"leave:{change.chat.id}:{now:%y%m%d%H%M}"
    )
