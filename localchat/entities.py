"""Message entities: offsets in UTF-16 units, and those the service finds by itself."""

import re

from .errors import bad_request
from .records import Json

_FOUND = (
    (
        "url",
        re.compile(
            r"https?://[^\s<>\"'\u3000-\u303f\uff00-\uffef]+|(?<![\w./])t\.me/[\w?=&/+-]+", re.IGNORECASE
        ),
    ),
    ("bot_command", re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])")),
    ("mention", re.compile(r"(?<!\w)@[A-Za-z][A-Za-z0-9_]{4,31}(?!\w)")),
    ("hashtag", re.compile(r"(?<!\w)#\w*[^\W\d]\w*")),
)
_CLOSED = frozenset({"code", "pre", "text_link", "url"})


def utf16_len(text: str) -> int:
    """Return the length as Telegram counts it: UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def in_order(entities: list[Json]) -> list[Json]:
    """Return entities outermost first, as the Bot API lists them."""
    return sorted(entities, key=lambda e: (e["offset"], -e["length"]))


def with_found(text: str, given: list[Json]) -> list[Json]:
    """Return the given entities and those found in the text where code and links leave room."""
    entities = list(given)
    for kind, pattern in _FOUND:
        for match in pattern.finditer(text):
            found = _span(kind, text, match)
            if not any(e["type"] in _CLOSED and _overlap(e, found) for e in entities):
                entities.append(found)
    return in_order(entities)


def _span(kind: str, text: str, match: re.Match[str]) -> Json:
    return {"type": kind, "offset": utf16_len(text[: match.start()]), "length": utf16_len(match[0])}


def _overlap(one: Json, other: Json) -> bool:
    return bool(
        one["offset"] < other["offset"] + other["length"] and other["offset"] < one["offset"] + one["length"]
    )


def given_entities(value: list[object]) -> list[Json]:
    """Return the request's own entities; 400 when one has no type, offset or length."""
    for entity in value:
        if not isinstance(entity, dict) or not {"type", "offset", "length"} <= entity.keys():
            raise bad_request('can\'t parse MessageEntity: Field "type", "offset" or "length" is missing')
    return [dict(entity) for entity in value if isinstance(entity, dict)]


def stripped(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Return the text without outer white space and the entities moved accordingly."""
    cut = utf16_len(text) - utf16_len(text.lstrip())
    text = text.strip()
    end = utf16_len(text)
    moved = []
    for entity in entities:
        start = min(max(0, entity["offset"] - cut), end)
        stop = min(max(0, entity["offset"] + entity["length"] - cut), end)
        if stop > start:
            moved.append(entity | {"offset": start, "length": stop - start})
    return text, moved
