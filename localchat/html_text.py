"""Telegram's HTML style: text and entities, or the refusal that names the byte where it breaks."""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from .entities import in_order, utf16_len
from .errors import Refusal, bad_request
from .records import Json

_TAG = re.compile(r"<(/?)([^\s>]*)((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>")
_ATTRIBUTE = re.compile(r"([^\s=]+)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'>]*))?")
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|(lt|gt|amp|quot));?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_KINDS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "code": "code", "pre": "pre",
    "a": "text_link", "blockquote": "blockquote", "tg-spoiler": "spoiler", "span": "spoiler",
}  # fmt: skip
_LAST_CODE_POINT = 0x10FFFF


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Return text and entities of HTML-styled text; raises a 400 Refusal when it cannot be parsed."""
    reader = _Reader(source)
    reader.read()
    return "".join(reader.out), in_order(reader.entities)


def linkable(url: str) -> bool:
    """Whether the service takes the address: http, https or tg with a host that has a dot."""
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
    except ValueError:
        return False
    return parts.scheme == "tg" or (parts.scheme in {"http", "https"} and "." in (parts.hostname or ""))


@dataclass
class _Open:
    tag: str
    offset: int
    argument: str


@dataclass
class _Reader:
    source: str
    out: list[str] = field(default_factory=list)
    entities: list[Json] = field(default_factory=list)
    _open: list[_Open] = field(default_factory=list)
    _length: int = 0

    def read(self) -> None:
        at = 0
        while (start := self.source.find("<", at)) >= 0:
            self._plain(self.source[at:start])
            match = _TAG.match(self.source, start)
            if match is None:
                kind = "end" if self.source.startswith("</", start) else "start"
                raise self._broken(f"Unclosed {kind} tag", start)
            if match[1]:
                self._close(match[2].lower(), start)
            else:
                self._begin(match[2].lower(), match[3], start)
            at = match.end()
        self._plain(self.source[at:])
        if self._open:
            raise _refused(f'Can\'t find end tag corresponding to start tag "{self._open[-1].tag}"')

    def _plain(self, text: str) -> None:
        text = _REFERENCE.sub(_character, text)
        self.out.append(text)
        self._length += utf16_len(text)

    def _begin(self, tag: str, rest: str, start: int) -> None:
        if tag not in _KINDS:
            raise self._broken(f'Unsupported start tag "{tag}"', start)
        attributes = {m[1].lower(): _unquoted(m[2]) for m in _ATTRIBUTE.finditer(rest)}
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise self._broken('Tag "span" must have class "tg-spoiler"', start)
        self._open.append(_Open(tag, self._length, _argument(tag, attributes)))

    def _close(self, tag: str, start: int) -> None:
        if not self._open:
            raise self._broken("Unexpected end tag", start)
        opened = self._open.pop()
        if tag and tag != opened.tag:
            where = f"Unmatched end tag at byte offset {self._byte(start)}"
            raise _refused(f'{where}, expected "</{opened.tag}>", found "</{tag}>"')
        length = self._length - opened.offset
        if length:
            self._add(opened, length)

    def _add(self, opened: _Open, length: int) -> None:
        entity: Json = {"type": _KINDS[opened.tag], "offset": opened.offset, "length": length}
        inside = self.entities[-1] if self.entities else None
        if opened.tag == "pre" and inside and _same_code(inside, entity):
            self.entities.pop()
            entity |= {"language": inside["language"]} if inside.get("language") else {}
        if opened.tag == "code" and opened.argument:
            entity["language"] = opened.argument
        if opened.tag == "blockquote" and opened.argument:
            entity["type"] = "expandable_blockquote"
        if opened.tag == "a":
            self._link(opened, entity)
        else:
            self.entities.append(entity)

    def _link(self, opened: _Open, entity: Json) -> None:
        url = opened.argument or "".join(self.out)
        if linkable(url):
            self.entities.append(entity | {"url": url if "://" in url else f"http://{url}"})

    def _byte(self, index: int) -> int:
        return len(self.source[:index].encode())

    def _broken(self, what: str, index: int) -> Refusal:
        return _refused(f"{what} at byte offset {self._byte(index)}")


def _argument(tag: str, attributes: dict[str, str]) -> str:
    if tag == "a":
        return attributes.get("href", "")
    if tag == "code":
        return attributes.get("class", "").removeprefix("language-")
    return "1" if tag == "blockquote" and "expandable" in attributes else ""


def _same_code(inside: Json, outside: Json) -> bool:
    return bool(
        inside["type"] == "code"
        and inside["offset"] == outside["offset"]
        and inside["length"] == outside["length"]
    )


def _unquoted(value: str | None) -> str:
    if not value:
        return ""
    bare = value[1:-1] if value[0] in "\"'" else value
    return _REFERENCE.sub(_character, bare)


def _character(match: re.Match[str]) -> str:
    if match[3]:
        return _NAMED[match[3]]
    code = int(match[1], 16) if match[1] else int(match[2])
    return chr(code) if 0 < code <= _LAST_CODE_POINT and not 0xD800 <= code <= 0xDFFF else match[0]  # noqa: PLR2004 - the surrogates of Unicode


def _refused(what: str) -> Refusal:
    return bad_request(f"can't parse entities: {what}")
