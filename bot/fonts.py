"""A font of this machine that has Chinese letters, looked for once: by fontconfig, else where systems keep fonts."""

import logging
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from messages.table import Typeface

logger = logging.getLogger(__name__)

LIST = ("fc-list", ":lang=zh-cn", "--format", "%{file}\t%{index}\t%{family}\t%{style}\n")
FAMILIES = (
    *("Noto Sans CJK SC", "Source Han Sans SC", "Source Han Sans CN", "Noto Sans SC", "Microsoft YaHei"),
    *("PingFang SC", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "SimHei", "Droid Sans Fallback", "SimSun"),
)
"""Families with simplified Chinese forms, the most legible on a wall first; any other comes after them."""
FILES = (
    *("NotoSansCJK-Regular.*", "NotoSansCJKsc-Regular.*", "SourceHanSans*-Regular.*", "NotoSansSC*.*"),
    *(
        "msyh.ttc",
        "PingFang.ttc",
        "wqy-microhei.ttc",
        "wqy-zenhei.ttc",
        "simhei.ttf",
        "DroidSansFallback*.ttf",
    ),
    *("simsun.ttc", "STHeiti Light.ttc", "Hiragino Sans GB.ttc", "uming.ttc", "ukai.ttc"),
)
"""The same fonts by the names of their files."""
FOLDERS = (
    *("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts"),
    *("/System/Library/Fonts", "/Library/Fonts", "C:/Windows/Fonts"),
)


@lru_cache(maxsize=1)
def cjk_font() -> Typeface | None:
    """Return the font pictures are drawn with, None where the machine has none; blocks: for a thread."""
    face = by_fontconfig() or by_name([Path(folder).expanduser() for folder in FOLDERS])
    logger.info("pictures are drawn with %s", face.path.name if face else "no font: none was found")
    return face


def by_fontconfig() -> Typeface | None:
    """Return the best font that fontconfig knows, None without one or without fontconfig."""
    program = shutil.which(LIST[0])
    if program is None:
        return None
    try:
        listed = subprocess.run(  # noqa: S603 - a fixed command of the system, no words of users in it
            [program, *LIST[1:]], capture_output=True, text=True, timeout=20, check=True
        ).stdout
    except (subprocess.SubprocessError, OSError) as error:
        logger.warning("fontconfig could not be asked: %s", error)
        return None
    return best(line.split("\t") for line in listed.splitlines())


def best(lines: Iterable[Sequence[str]]) -> Typeface | None:
    """Return the best of fontconfig's lines: file, index, families, styles (the last two with commas)."""
    known = [line for line in lines if len(line) == len(LIST[3].split("\t")) and line[0]]
    if not known:
        return None
    file, index, _, _ = min(known, key=_rank)
    return Typeface(Path(file), int(index or 0) & 0xFFFF)  # above: the named instance of a variable font


def _rank(line: Sequence[str]) -> tuple[int, bool, str]:
    families, styles = line[2].split(","), line[3].split(",")
    place = min((FAMILIES.index(f) for f in families if f in FAMILIES), default=len(FAMILIES))
    return place, not {"Regular", "常规"} & set(styles), line[0]


def by_name(folders: Iterable[Path]) -> Typeface | None:
    """Return the first font found by the usual names in folders and below, None without one."""
    standing = [folder for folder in folders if folder.is_dir()]
    for pattern in FILES:
        for folder in standing:
            if found := sorted(folder.rglob(pattern)):
                return Typeface(found[0], _simplified(found[0]))
    return None


def _simplified(path: Path) -> int:
    """Return which face of a collection has simplified forms; the first where none says so."""
    from PIL import ImageFont  # noqa: PLC0415 - loaded only where fontconfig is missing

    for index in range(32 if path.suffix.lower() in (".ttc", ".otc") else 0):
        try:
            family = ImageFont.truetype(path, 12, index).getname()[0] or ""
        except OSError:
            break
        if family.endswith((" SC", " CN")):
            return index
    return 0
