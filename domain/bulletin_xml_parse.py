"""XML from outside made into a tree of plain tags, or refused: no DTD, no entities, not large, not deep.

Encodings are read as they come: UTF-16 and UTF-8 by the bytes themselves, else as declared, else GB18030.
"""

import codecs
import re
from typing import Final
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

import defusedxml.ElementTree as SafeTree
from defusedxml.common import DefusedXmlException

from domain.decoding import decode_strictly

MAX_BYTES: Final = 1_000_000
MAX_DEPTH: Final = 32
_DECLARED = re.compile(
    rb"""^[\s\xef\xbb\xbf]*<\?xml[^>]{0,100}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']"""
)
_START = re.compile(
    r"[\ufeff\s]*<(?:\?xml|!DOCTYPE|!--|(?:\w+:)?alerts?\b|(?:\w+:)?\w+[^<>]{0,100}\bxmlns|rss\b|feed\b)",
    re.IGNORECASE,
)
_CHINESE_SETS = {"gb2312", "gbk", "gb_2312-80", "cp936", "x-gbk"}
_HEAD = 400


class BulletinRefused(Exception):
    """The file cannot be taken as a warning; the text says why in Chinese."""


class _Shallow(TreeBuilder):
    """Builds the tree and refuses one that is deeper than any bulletin."""

    depth = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        """Open an element, its namespace left off."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise BulletinRefused(f"XML 嵌套超过 {MAX_DEPTH} 层，不是预警文件")
        return super().start(tag.rpartition("}")[2], attrs)

    def end(self, tag: str, /) -> Element:
        """Close an element."""
        self.depth -= 1
        return super().end(tag.rpartition("}")[2])


def looks_like_xml(data: bytes | str) -> bool:
    """Return True when the data starts like XML (after a byte order mark and blanks)."""
    head = data[:_HEAD] if isinstance(data, str) else _head(data)
    return _START.match(head) is not None


def _head(data: bytes) -> str:
    codec = _wide(data) or "utf-8"
    return data[:_HEAD].decode(codec, "ignore")


def _wide(data: bytes) -> str | None:
    """Return the UTF-16 that these bytes are in, with or without a mark."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    return "utf-16-le" if data.startswith(b"<\x00") else "utf-16-be" if data.startswith(b"\x00<") else None


def _declared(data: bytes) -> str | None:
    found = _DECLARED.match(data[:_HEAD])
    name = found.group(1).decode("ascii").lower() if found else None
    if name is None or name.startswith("utf-16"):
        return None
    try:
        codecs.lookup(name)
    except LookupError:
        return None
    return "gb18030" if name in _CHINESE_SETS else name


def _decode(data: bytes) -> str:
    codes = (
        _wide(data),
        "utf-8-sig",
        _declared(data),
        "gb18030",
    )  # a text may outlive the encoding it declares
    text = decode_strictly(data, [code for code in codes if code])
    if text is None:
        raise BulletinRefused("XML 读不通，请核对文件是否完整、编码是否为 UTF-8 或 GB18030")
    return text.lstrip("\ufeff \t\r\n")


def parse_xml(data: bytes) -> Element:
    """Return the root, tags without namespaces; raise BulletinRefused."""
    if len(data) > MAX_BYTES:
        raise BulletinRefused("文件超过 1 MB，不是预警文件")
    if not data.strip():
        raise BulletinRefused("XML 读不通：文件是空的")
    parser = SafeTree.XMLParser(target=_Shallow(), forbid_dtd=True)
    try:
        parser.feed(_decode(data))
        root: Element = parser.close()
    except DefusedXmlException as error:
        raise BulletinRefused("文件带有 DOCTYPE 或实体，已拒收") from error
    except (ParseError, LookupError, ValueError) as error:
        raise BulletinRefused("XML 读不通，请核对文件是否完整、编码是否为 UTF-8 或 GB18030") from error
    return root
