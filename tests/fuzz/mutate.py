"""Texts, bytes and JSON made at random or changed a little; the same dice give the same."""

import random
import string
from collections.abc import Callable, Sequence
from typing import Any

HOSTILE = (
    *("\x00", "\x07", "\x1b[31m", "\u202e", "\u200b", "\u200d", "\ufeff", "\ufffe", "\u2028", "\u0301" * 30, "👨‍👩‍👧", "𠮷"),
    *("<b>", "</i>", "&amp;", "&", "<", "{{ 7*7 }}", "{% for x in y %}", "${x}", "%s", "%n", "';--", '"', "\\", "\\u0000"),
    *("=1+1", "@SUM(A1)", "../../etc/passwd", "http://127.0.0.1/a/x", "\r\n", "\t\t", "\u3000", "。" * 50, "　" * 40),
    *("0", "-1", "00000", "9" * 40, "1e309", "NaN", "零", "一百二十三万", "２５", "①", "½", "٣", "25:61", "2月30日", "明天8点前"),
    *("W1", "E1", "T1", "L1", "S1", "H1", "D1", "W99999999999999999999", "收到", "签发 E1", "E1 伤3", "更正 L1 改", "下发 W1"),
)
SURROGATES = ("\ud83d", "\udc00", "\ud800\ud800")
"""Halves of letters: JSON can say them, UTF-8 cannot."""
NUMBERS = (0, -1, 1, 2**31, -(2**31), 2**53, 2**63 - 1, 2**63, -(2**63) - 1, 10**40, 0.5, -0.0, 1e308)
LETTERS = string.printable + "沽水街道预警发布解除升级受伤死亡被困人户时分月日年值班带班领导收到传达签发红橙黄蓝雨风：，。（）【】"
LONG = 4096
FEW = 5


def text(dice: random.Random, corpus: Sequence[str]) -> str:
    """Return a text of the corpus as it is, changed a few times, or one made of letters."""
    kind = dice.random()
    if kind < 0.1:
        return "".join(dice.choices(LETTERS, k=dice.choice([0, 1, 3, 20, 200, 4000])))
    if kind < 0.15:
        return dice.choice(HOSTILE) * dice.randint(1, 60)
    made = dice.choice(corpus)
    for _ in range(dice.randint(0, FEW)):
        made = dice.choice(EDITS)(dice, made, corpus)
    return made[: 3 * LONG]


def _span(dice: random.Random, size: int) -> tuple[int, int]:
    first = dice.randint(0, size)
    return first, min(size, first + dice.choice([1, 1, 2, 5, 20, 200]))


def _drop(dice: random.Random, was: str, _corpus: Sequence[str]) -> str:
    first, last = _span(dice, len(was))
    return was[:first] + was[last:]


def _repeat(dice: random.Random, was: str, _corpus: Sequence[str]) -> str:
    first, last = _span(dice, len(was))
    return was[:last] + was[first:last] * dice.choice([1, 2, 50]) + was[last:]


def _insert(dice: random.Random, was: str, _corpus: Sequence[str]) -> str:
    at = dice.randint(0, len(was))
    return was[:at] + dice.choice(HOSTILE) + was[at:]


def _letters(dice: random.Random, was: str, _corpus: Sequence[str]) -> str:
    first, last = _span(dice, len(was))
    return was[:first] + "".join(dice.choices(LETTERS, k=last - first)) + was[last:]


def _splice(dice: random.Random, was: str, corpus: Sequence[str]) -> str:
    other = dice.choice(corpus)
    return was[: dice.randint(0, len(was))] + other[dice.randint(0, len(other)) :]


def _shuffle(dice: random.Random, was: str, _corpus: Sequence[str]) -> str:
    lines = was.split("\n")
    dice.shuffle(lines)
    return "\n".join(lines)


def _number(dice: random.Random, was: str, _corpus: Sequence[str]) -> str:
    places = [n for n, c in enumerate(was) if c.isdigit()]
    if not places:
        return was
    at = dice.choice(places)
    return was[:at] + str(dice.choice(NUMBERS)) + was[at + 1 :]


EDITS: tuple[Callable[[random.Random, str, Sequence[str]], str], ...] = (
    *(_drop, _repeat, _insert, _insert, _letters, _splice, _shuffle, _number),
)


def data(dice: random.Random, corpus: Sequence[bytes]) -> bytes:
    """Return bytes of the corpus changed a few times: flipped, cut, put in, run together."""
    made = bytearray(dice.choice(corpus))
    for _ in range(dice.randint(0, 8)):
        first, last = _span(dice, len(made))
        match dice.randrange(6):
            case 0 if made:
                made[min(first, len(made) - 1)] ^= 1 << dice.randrange(8)
            case 1:
                del made[first:last]
            case 2:
                made[first:first] = dice.randbytes(dice.choice([1, 2, 8, 100]))
            case 3:
                made[first:last] = bytes([dice.choice([0, 0xFF, 0x7F, 0x80])]) * (last - first)
            case 4:
                del made[dice.randint(len(made) // 2, len(made)) :]
            case _:
                made[first:first] = dice.choice(corpus)[:200]
    return bytes(made)


def value(dice: random.Random, corpus: Sequence[str], depth: int = 3) -> Any:  # noqa: ANN401 - JSON
    """Return any JSON."""
    kind = dice.randrange(8 if depth else 6)
    match kind:
        case 0:
            return None
        case 1:
            return dice.random() < 0.5  # noqa: PLR2004
        case 2 | 3:
            return dice.choice(NUMBERS)
        case 4:
            return text(dice, corpus)
        case 5:
            return dice.choice(SURROGATES) + dice.choice(HOSTILE)
        case 6:
            return [value(dice, corpus, depth - 1) for _ in range(dice.randint(0, 3))]
        case _:
            return {
                dice.choice(["id", "chat", "from", "text", "data", "date", "x\x00", "", "type"]): value(
                    dice, corpus, depth - 1
                )
                for _ in range(dice.randint(0, 4))
            }


def nested(depth: int) -> Any:  # noqa: ANN401 - JSON
    """Return a list in a list, so deep."""
    made: Any = []
    for _ in range(depth):
        made = [made]
    return made


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:  # noqa: ANN401 - JSON
    """Return the path of every value within JSON."""
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(place for key, one in inner for place in places(one, (*path, key)))]


def damaged(dice: random.Random, made: Any, corpus: Sequence[str]) -> Any:  # noqa: ANN401 - JSON
    """Return JSON with one to three values taken out, put in another's place, or made anything; `made` is altered."""
    for _ in range(dice.randint(1, 3)):
        paths = [path for path in places(made) if path]
        if not paths:
            return made
        *above, key = dice.choice(paths)
        node = made
        for one in above:
            node = node[one]
        match dice.randrange(5):
            case 0:
                del node[key]
            case 1:
                node[key] = nested(dice.choice([1, 30, 90]))
            case 2:
                node[key] = str(node[key]) if not isinstance(node[key], str) else {"text": node[key]}
            case 3:
                node[key] = dice.choice(NUMBERS)
            case _:
                node[key] = value(dice, corpus)
    return made
