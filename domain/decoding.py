"""Text from bytes as people save and send it: UTF-8, UTF-16 with its mark, GB18030 (which covers GBK and GB2312)."""

from collections.abc import Iterable


def decode_strictly(data: bytes, codes: Iterable[str]) -> str | None:
    """Return the text in the first encoding that fits every byte, None when none does."""
    for code in codes:
        try:
            return data.decode(code)
        except (UnicodeDecodeError, LookupError):
            continue
    return None


def decode_text(data: bytes) -> str:
    """Return the text; bytes that fit no encoding are read as UTF-8 with marks in place of what is broken."""
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = decode_strictly(data, ("utf-16",) if wide else ("utf-8-sig", "gb18030"))
    return data.decode("utf-8", "replace") if text is None else text
