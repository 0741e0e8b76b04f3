"""The desk: one read update with its person, and the tables of commands, presses and text twins.

A handler reads the update, calls one action and returns its outcome, which the caller hands to messages.
"""

import re
import unicodedata
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from actions import remark
from domain.actor import Actor
from domain.notice import Notice
from domain.notices import base
from domain.people import Role
from domain.remark import takes_back
from domain.slips import as_meant
from domain.word_order import begins_with_number, word_first
from storage.database import Tx

Answer = Notice | list[Notice] | None


@dataclass(frozen=True)
class Attachment:
    """A file that came with a message: fetched before, kept by its content's hash.

    `rows`: the cells when it is a spreadsheet, `merged`: its merged ranges; `refused`: in Chinese, why it is of no use.
    """

    name: str
    sha256: str
    size: int
    kind: str
    rows: tuple[tuple[str, ...], ...] | None = None
    merged: tuple[tuple[int, int, int, int], ...] = ()
    text: str | None = None
    refused: str | None = None


@dataclass
class Desk:
    """One update at the desk: who, where, the words after the command, and what came with it."""

    tx: Tx
    now: datetime
    who: Actor
    chat_id: int
    private: bool
    text: str
    attachment: Attachment | None = None
    pressed: bool = False
    album: str = ""
    """The mark that files sent together have in common, "" for any other message."""
    received_at: datetime | None = None
    """When the message came, before its file was fetched; None for a press."""
    origin: str = ""
    """Whom a forwarded message is from, "" for a message of one's own."""
    quoted: str = ""
    """The words of the message this one answers, "" when it answers none or one of the bot's own."""
    asked: str = ""
    """The words of the bot's own message this one answers."""

    @property
    def how(self) -> str:
        """Return how an answer was given: by a button or in words."""
        return "press" if self.pressed else "text"


Handler = Callable[[Desk], Awaitable[Answer]]
Press = Callable[[Desk, str], Awaitable[Answer]]
Presses = Callable[[Sequence[Desk], str], Awaitable[Sequence[Answer]]]
Twin = Callable[[Desk, int, str], Awaitable[Answer]]

EVERYBODY = tuple(Role)


def listed(answer: Answer) -> list[Notice]:
    """Return an answer as what is said: nothing, one notice or several."""
    if answer is None:
        return []
    return answer if isinstance(answer, list) else [answer]


@dataclass(frozen=True)
class Command:
    """A command with its Chinese word, and others people say for it (`also`).

    `free` ones take text that may follow without a blank: any, or such as `free` says True of.

    The words after a `secret` one hold a key: they are kept neither as they came nor as a draft.
    """

    name: str
    word: str
    roles: tuple[Role, ...]
    describe: str
    example: str
    run: Handler
    free: bool | Callable[[str], bool]
    daily: tuple[Role, ...]
    secret: bool
    also: tuple[str, ...]

    def takes(self, rest: str) -> bool:
        """Return True if these words may follow the command's own without a blank."""
        return self.free if isinstance(self.free, bool) else self.free(rest)


COMMANDS: dict[str, Command] = {}
PRESSES: dict[str, Presses] = {}
TOGETHER: set[str] = set()
"""Acts whose presses by different people are handled at once."""
TWINS: dict[tuple[str, str], Twin] = {}
SEVERAL: dict[str, str] = {}
"""Words that may be said of several events at once, with the letters of those: each is answered as if named alone."""


def command(
    name: str,
    word: str,
    *roles: Role,
    describe: str,
    example: str = "",
    free: bool | Callable[[str], bool] = False,
    daily: tuple[Role, ...] = (),
    secret: bool = False,
    also: tuple[str, ...] = (),
) -> Callable[[Handler], Handler]:
    """Register `/name` and its Chinese word; `daily`: on the reply keyboard of these roles."""

    def register(run: Handler) -> Handler:
        COMMANDS[name] = Command(
            name, word, roles or EVERYBODY, describe, example or word, run, free, daily, secret, also
        )
        return run

    return register


def press(act: str) -> Callable[[Press], Press]:
    """Register what a button's act does with its subject."""

    def register(run: Press) -> Press:
        async def one_by_one(desks: Sequence[Desk], subject: str) -> list[Answer]:
            return [await run(desk, subject) for desk in desks]

        PRESSES[act] = one_by_one
        return run

    return register


def presses(act: str) -> Callable[[Presses], Presses]:
    """Register what a button's act does with its subject for several people at once, answers in their order."""

    def register(run: Presses) -> Presses:
        PRESSES[act] = run
        TOGETHER.add(act)
        return run

    return register


def twin(word: str, letter: str, *, several: bool = False) -> Callable[[Twin], Twin]:
    """Register the text twin of a button: `收到 W12 …` for letter W; `several`: it takes 收到 W12、W13 too."""

    def register(run: Twin) -> Twin:
        TWINS[(word, letter)] = run
        if several:
            SEVERAL[word] = SEVERAL.get(word, "") + letter
        return run

    return register


def answer(act: str, word: str, letter: str, *, several: bool = False) -> Callable[[Twin], Twin]:
    """Register a button and its text twin that do the same: a press has an event, and no words behind it."""

    def register(run: Twin) -> Twin:
        async def pressed(desk: Desk, subject: str) -> Answer:
            return await run(desk, int(subject.removeprefix(letter)), "")

        press(act)(pressed)
        return twin(word, letter, several=several)(run)

    return register


def with_words(word: str, letter: str) -> Callable[[Twin], Twin]:
    """An answer that takes no words: those behind it are kept and told; one they take back is not given."""

    def wrap(run: Twin) -> Twin:
        async def answered(desk: Desk, key: int, rest: str) -> Answer:
            number = f"{letter}{key}"
            if takes_back(word, rest) and desk.who.has(Role.OFFICER, Role.DEPUTY, Role.LEADER):
                await remark.keep(desk.tx, desk.who, desk.now, word, number, rest)
                return base.TakenBack(number=number, answer=word, words=rest)
            answers = listed(await run(desk, key, ""))
            if any(one.alert for one in answers):  # nothing was done
                return answers
            kept = await remark.keep(desk.tx, desk.who, desk.now, word, number, rest)
            return [*answers, kept] if kept else answers

        return answered

    return wrap


_GAP = r"[\s:：,，、.。!！~～;；]"


GAPS = re.compile(f"{_GAP}+")
"""What people put between two words: blanks, wide ones too, and marks."""
_JOINT = re.compile(
    r"(?<=[\u2600-\u27bf\ufe0f\U0001f300-\U0001faff])\u200d(?=[\u2600-\u27bf\U0001f300-\U0001faff])"
)


def plain(text: str) -> str:
    """Return the text without invisible characters; '' when nothing is left to read.

    What joins pictures to one (👨‍👩‍👧) stays: without it there would be three.
    """
    joints = {found.start() for found in _JOINT.finditer(text)}
    visible = (
        c
        for place, c in enumerate(text)
        if unicodedata.category(c) not in ("Cf", "Cc") or c in "\n\t" or place in joints
    )
    return "".join(visible).strip()


_AFTER = rf"{_GAP}|[A-Za-zＡ-Ｚａ-ｚ]\s*\d"
"""What may stand right behind a command: a blank, a stop, or the number of an event (快报E1)."""


def find_command(text: str) -> tuple[Command, str] | None:
    """Return the command at the head of a text and the words after it; the longest word wins."""
    ascii_form = re.match(r"^[/／]([A-Za-z_]+)(?:@\w+)?(?:\s+|$)", text)
    if ascii_form:
        known = COMMANDS.get(ascii_form[1].lower())
        return (known, text[ascii_form.end() :].strip()) if known else None
    bare = re.sub(r"^[/／]", "", text)
    words = [(word, c) for c in COMMANDS.values() for word in (c.word, *c.also) if bare.startswith(word)]
    words.sort(key=lambda one: -len(one[0]))
    for word, entry in words:
        rest = bare[len(word) :]
        longest = word == words[0][0]
        if not rest or re.match(_AFTER, rest) or (longest and entry.takes(rest)):
            return entry, re.sub(rf"^{_GAP}+", "", rest)
    return None


def _wide(letter: str) -> str:
    """Return the full-width form of an ASCII letter, as Chinese keyboards type it."""
    return chr(ord(letter) + 0xFEE0)


NUMBERED = ("followup", "final", "supplement", "reopen", "flash", "evidence", "callrecord")
"""Commands that are about one event."""


def straight(text: str) -> str:
    """Return an answer about a numbered event with its word first, a command's word as it is known; else the text."""
    answers = {word for word, _ in TWINS}
    commands = {word for c in COMMANDS.values() for word in (c.word, *c.also)}
    numbered = {COMMANDS[name].word for name in NUMBERED if name in COMMANDS}
    return word_first(as_meant(text, answers | commands), answers | numbered)


def find_twin(text: str) -> tuple[Twin, int, str] | None:
    """Return the text twin at the head of a text: its act, the event's number, the words after it."""
    for word, letter in sorted(TWINS, key=lambda key: -len(key[0])):
        if not text.startswith(word):
            continue
        found = re.match(rf"^{word}{_GAP}*[{letter}{_wide(letter)}]\s*(\d{{1,9}})(?!\d)", text, re.IGNORECASE)
        if found:
            rest = re.sub(rf"^{_GAP}+", "", text[found.end() :])
            return TWINS[(word, letter)], int(found[1]), rest
    return None


def apart(text: str) -> list[str]:
    """Return the answers and reports a text gives line by line (续报 E1 …, then 续报 E2 …), any other text whole."""
    parts: list[str] = []
    for line in text.split("\n"):
        if parts and not _about_event(line):
            parts[-1] += f"\n{line}"
        else:
            parts.append(line)
    return parts if len(parts) > 1 and _about_event(parts[0]) else [text]


def _about_event(line: str) -> bool:
    """Return True for a line that is an answer or a report with the number of its event at the head."""
    said = straight(line.strip())
    found = find_command(said)
    reports = found is not None and found[0].name in NUMBERED and begins_with_number(found[1])
    return reports or bool(find_twins(said))


def find_twins(text: str) -> list[tuple[Twin, int, str]]:
    """Return the text twins at the head of a text: one, or one for each event of 收到 W1、W2."""
    word = next((word for word in SEVERAL if text.startswith(word)), "")
    letters = "".join(letter + _wide(letter) for letter in SEVERAL.get(word, ""))
    listed = rf"{word}{_GAP}*((?:[{letters}]\s*\d{{1,9}}(?!\d)(?:{_GAP}|[和及])*){{2,}})(.*)"
    several = re.match(listed, text, re.IGNORECASE | re.DOTALL) if word else None
    numbers = re.findall(r"[^\W\d_]\s*\d+", several[1]) if several else []
    texts = [f"{word} {number} {several[2]}" for number in dict.fromkeys(numbers)] if several else [text]
    return [found for one in texts if (found := find_twin(one))]
