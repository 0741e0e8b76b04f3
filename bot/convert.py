"""PDF beside a Word document, where this machine has LibreOffice: in a limited process, beside the loops."""

import shutil
from pathlib import Path

from bot import child

CHILD = Path(__file__).with_name("convert_child.py")
PROGRAMS = ("soffice", "libreoffice")
SECONDS = 60
"""How long a conversion may take; an ordinary one takes five seconds, the first one twenty."""
MEMORY = 4 * 2**30
"""Address space; LibreOffice reserves far more than it uses."""


class ConversionFailed(Exception):
    """No PDF was made; the text is a short Chinese sentence."""


def converter(given: str) -> str | None:
    """Return the program to convert with: as given, else LibreOffice if it is found; None for "-" or none."""
    if given == "-":
        return None
    return shutil.which(given) if given else next(filter(None, map(shutil.which, PROGRAMS)), None)


async def to_pdf(program: str, document: bytes) -> bytes:
    """Return the PDF of a Word document; raise ConversionFailed."""
    args = ("-I", str(CHILD), program, str(SECONDS), str(MEMORY))
    try:
        code, made, _ = await child.run(args, document, SECONDS + 10.0)
    except TimeoutError as error:
        raise ConversionFailed("规定时间内没有转成 PDF") from error
    if code != 0 or not made.startswith(b"%PDF"):
        raise ConversionFailed("没有转成 PDF，已发 Word 文件")
    return made
