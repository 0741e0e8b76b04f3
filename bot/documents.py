"""Word documents out: a template and plain values become a document, in a limited child process."""

import base64
import json
from pathlib import Path
from typing import Any

from bot import child

CHILD = Path(__file__).with_name("document_child.py")
MEMORY = 512 * 2**20
CPU = 10
"""Seconds of processor time a document may take; an ordinary one takes half a second."""
WAIT = 20.0


class DocumentRefused(Exception):
    """The template cannot be filled in; the text is a short Chinese sentence that says what is wrong."""


async def print_docx(template: bytes, values: dict[str, Any]) -> bytes:
    """Return the filled document, the same bytes for the same values; raise DocumentRefused."""
    return base64.b64decode((await _ask(template, values=values))["document"])


async def try_docx(template: bytes, samples: dict[str, dict[str, Any]]) -> None:
    """Fill in a template with samples, each under its name; raise DocumentRefused where a value would lose text."""
    await _ask(template, samples=samples)


async def _ask(template: bytes, **what: object) -> dict[str, str]:
    asked = json.dumps({"template": base64.b64encode(template).decode(), **what}).encode()
    # -I: neither the working folder nor bot/ is on the child's path, so nothing of ours shadows a library.
    try:
        code, said, _ = await child.run(("-I", str(CHILD), str(MEMORY), str(CPU)), asked, WAIT)
    except TimeoutError as error:
        raise DocumentRefused("规定时间内没有填好，请简化模板") from error
    if code != 0:
        raise DocumentRefused("规定时间内没有填好，或者内存不够，请简化模板")
    answer: dict[str, str] = json.loads(said)
    if "refused" in answer:
        raise DocumentRefused(answer["refused"])
    return answer
