"""What a file is by its first bytes; its name may say anything.

A table of the few kinds a duty room gets; of the packages for this, filetype (last released in 2022) knows no web page.
"""

import re

_SIGNED: tuple[tuple[bytes, int, str], ...] = (
    (b"\xff\xd8\xff", 0, "照片"),
    (b"\x89PNG\r\n\x1a\n", 0, "照片"),
    (b"GIF8", 0, "照片"),
    (b"BM", 0, "照片"),
    (b"II*\x00", 0, "照片"),
    (b"MM\x00*", 0, "照片"),
    (b"WEBP", 8, "照片"),
    *((b"ftyp" + brand, 4, "照片") for brand in (b"heic", b"heix", b"mif1", b"msf1", b"avif")),
    *((b"ftyp" + brand, 4, "录音") for brand in (b"M4A", b"M4B")),
    (b"ftyp", 4, "视频"),
    (b"\x1aE\xdf\xa3", 0, "视频"),
    (b"AVI ", 8, "视频"),
    (b"FLV\x01", 0, "视频"),
    (b"OggS", 0, "录音"),
    (b"ID3", 0, "录音"),
    (b"#!AMR", 0, "录音"),
    (b"WAVE", 8, "录音"),
    (b"fLaC", 0, "录音"),
    *((bytes((0xFF, second)), 0, "录音") for second in (0xFB, 0xF3, 0xF2, 0xFA, 0xF1, 0xF9)),
    (b"%PDF-", 0, "PDF 文件"),
    (b"PK\x03\x04", 0, "压缩包或办公文档"),
    (b"Rar!", 0, "压缩包"),
    (b"7z\xbc\xaf\x27\x1c", 0, "压缩包"),
    (b"\x1f\x8b", 0, "压缩包"),
    (b"\xd0\xcf\x11\xe0", 0, "办公文档"),
    (b"MZ", 0, "程序"),
    (b"\x7fELF", 0, "程序"),
    (b"#!/", 0, "程序"),
)
_PAGE = re.compile(
    rb"\s*(?:<!--.{0,400}?-->\s*|<\?xml[^>]*>\s*)*<(?:!doctype html|html|head|body|script|svg|iframe)",
    re.IGNORECASE | re.DOTALL,
)
_HEAD = 1024
_MARK = b"\xef\xbb\xbf"
_NAMED = {
    "照片": (".jpg", ".jpeg", ".png", ".gif", ".bmp", ".webp", ".heic", ".heif", ".tif", ".tiff"),
    "视频": (".mp4", ".mov", ".avi", ".mkv", ".webm", ".3gp", ".m4v"),
    "录音": (".mp3", ".ogg", ".oga", ".wav", ".m4a", ".amr", ".aac", ".flac"),
}
_SENT_AS = {"photo": "照片", "video": "视频", "video_note": "视频", "voice": "录音", "audio": "录音"}
_MOVING = frozenset({"视频", "录音"})
"""One container holds either: a recording in a video's file is no lie."""


def content_of(data: bytes) -> str | None:
    """Return what the bytes are, in Chinese; None when they bear no sign that is known."""
    head = data[:_HEAD].removeprefix(_MARK)
    if _PAGE.match(head):
        return "网页"
    return next((what for sign, at, what in _SIGNED if head.startswith(sign, at)), None)


def lie(name: str, kind: str, data: bytes) -> str | None:
    """Return in Chinese why a file is not what it is sent or named as; None when nothing speaks against it."""
    suffix = f".{name.rpartition('.')[2].lower()}"
    claimed = _SENT_AS.get(kind) or next((what for what, named in _NAMED.items() if suffix in named), None)
    found = content_of(data)
    if claimed is None or found is None or found == claimed or {found, claimed} <= _MOVING:
        return None
    return f"内容是{found}，不是{claimed}"
