"""Files through the children that read them: in a worker with the child's limits, and a few through the real child."""

import asyncio
import base64
import contextlib
import io
import os
import random
import resource
import zipfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from bot import document_child, sheet_child
from bot.documents import MEMORY, DocumentRefused, print_docx
from bot.sheets import MAX_MEMORY, MAX_ROWS, SheetRefused, read_sheet
from messages.record_samples import samples
from tests.fuzz import corpus, mutate, readers
from tests.stories.conftest import MORNING
from tests.stories.room import ZONE

TEMPLATES = ("交接班记录", "值班日志", "突发事件信息快报")
JINJA = (
    *("{{ 单位 }}", "{{ 单位.__class__.__mro__ }}", "{% for x in range(999999) %}{{ x }}{% endfor %}", "{% include 'x' %}"),
    *("{{ 单位|attr('__init__') }}", "{{ cycler }}", "{{ 'a' * 99999999 }}", "{%p if x %}", "{%tr for a in 事项 %}", "{{r 单位 }}"),
    *("{{ ''.join(['a'] * 9999) }}", "{{ 1 // 0 }}", "{{ 9 ** 9 ** 9 }}", "{% set a = 1 %}", "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}"),
    *("{{", "%}", "{#", "{{ '{0}'.format(单位) }}", "{{ 单位|safe }}", "{{ namespace(a=1).a }}", "{% block b %}{% endblock %}"),
)
Values = dict[str, Any]


def within(dice: random.Random, packed: bytes, alter: Callable[[random.Random, bytes], bytes]) -> bytes:
    """Return a zip with one or two of its parts altered, left out or twice there; other bytes as they are."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as parts:
        names = parts.namelist()
        meant = set(dice.sample(names, k=min(len(names), dice.randint(1, 2))))
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
            for name in names:
                if name not in meant:
                    made.writestr(name, parts.read(name))
                elif dice.random() < 0.9:  # noqa: PLR2004
                    made.writestr(name, alter(dice, parts.read(name)))
    return out.getvalue()


def _part(dice: random.Random, part: bytes) -> bytes:
    """Return a part of XML with its words, numbers or marks changed."""
    if dice.random() < 0.3:  # noqa: PLR2004
        return mutate.data(dice, (part,))
    text = part.decode("utf-8", "replace")
    for _ in range(dice.randint(1, 3)):
        text = dice.choice(mutate.EDITS)(dice, text, (text[:500],))
    return text.encode("utf-8", "replace")


def sheet(dice: random.Random) -> bytes:
    """Return a spreadsheet with something wrong."""
    whole = dice.choice(corpus.sheets())
    if whole.startswith(b"PK") and dice.random() < 0.7:  # noqa: PLR2004
        return within(dice, whole, _part)
    return mutate.data(dice, (whole, *corpus.sheets()[:2]))


def _jinja(dice: random.Random, part: bytes) -> bytes:
    """Return a part with words of a template put into its texts."""
    pieces = part.decode("utf-8", "replace").split("</w:t>")
    for _ in range(dice.randint(1, 3)):
        at = dice.randrange(len(pieces))
        pieces[at] += dice.choice(JINJA)
    return "</w:t>".join(pieces).encode("utf-8", "replace")


def document(dice: random.Random) -> tuple[bytes, Values]:
    """Return a template with something wrong, and values with hostile words."""
    number = dice.randrange(len(TEMPLATES))
    whole = corpus.templates()[number]
    kind = dice.random()
    if kind < 0.6:  # noqa: PLR2004
        made = within(dice, whole, _jinja if kind < 0.3 else _part)  # noqa: PLR2004
    else:
        made = whole if kind < 0.8 else mutate.data(dice, (whole,))  # noqa: PLR2004
    values: Values = dict(samples(TEMPLATES[number], MORNING, ZONE)[""])
    for name in dice.sample(sorted(values), k=min(len(values), 4)):
        if isinstance(values[name], str):
            values[name] = mutate.text(dice, corpus.texts()) + dice.choice(mutate.SURROGATES)
    return made, values


def one_sheet(dice: random.Random) -> None:
    """Read one sheet as the child does, and what it gives as the office does."""
    answer = sheet_child.answer((1).to_bytes(4, "big") + b"a" + sheet(dice), MAX_ROWS)
    if "refused" in answer:
        assert answer["refused"].endswith("。"), answer
        return
    readers.one_sheet(tuple(tuple(row) for row in answer["rows"][:200]))


def one_document(dice: random.Random) -> None:
    """Fill in one template as the child does."""
    template, values = document(dice)
    asked = {"template": base64.b64encode(template).decode(), "values": values}
    answer = document_child.answer(asked)
    assert answer.get("refused") or zipfile.is_zipfile(io.BytesIO(base64.b64decode(answer["document"])))


async def real_sheet(dice: random.Random) -> None:
    """Read one sheet through the real child."""
    with contextlib.suppress(SheetRefused):
        await read_sheet(sheet(dice), "a.xlsx")


async def real_document(dice: random.Random) -> None:
    """Fill in one template through the real child."""
    template, values = document(dice)
    with contextlib.suppress(DocumentRefused):
        await print_docx(template, values)


# --- a worker in place of the child -------------------------------------------------------------------------

ONES = {"sheets": one_sheet, "documents": one_document}
REAL = {"sheets": real_sheet, "documents": real_document}
SECONDS = 20
"""What the child is given before it is ended."""


def _limit() -> None:
    """Give a worker the child's memory beside what it has already, and nothing to print on."""
    has = int(Path("/proc/self/statm").read_text("utf-8").split()[0]) * resource.getpagesize()
    most = max(MEMORY, MAX_MEMORY) + has
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def _one(target: str, seed: int) -> None:
    ONES[target](random.Random(f"{target} {seed}"))


class Boxed:
    """Inputs one after another in a worker; one that ends the worker, or takes too long, goes to the real child."""

    def __init__(self, target: str) -> None:
        self.target = target
        self.ended = 0
        self._pool = self._new()

    @staticmethod
    def _new() -> ProcessPoolExecutor:
        return ProcessPoolExecutor(1, get_context("fork"), _limit)

    def one(self, seed: int) -> None:
        """Handle one input; raises what it raises."""
        try:
            self._pool.submit(_one, self.target, seed).result(SECONDS)
        except (BrokenProcessPool, TimeoutError):
            self.ended += 1
            self.close()
            self._pool = self._new()
            asyncio.run(REAL[self.target](random.Random(f"{self.target} {seed}")))

    def close(self) -> None:
        """End the worker."""
        for process in list((self._pool._processes or {}).values()):
            process.kill()
        self._pool.shutdown(wait=False, cancel_futures=True)
