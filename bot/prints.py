"""Documents are printed beside the loops: what was promised is a row, so that a crash only means printing again.

A handover is printed once: the first document that the log names is the one that is sent and kept.
"""

import asyncio
import errno
import logging
from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from actions import dutylog, flash, prints, record
from actions.deadline import step
from bot.attachments import Spoilt, keep, kept
from bot.clock import Clock
from bot.convert import ConversionFailed, to_pdf
from bot.documents import DocumentRefused, print_docx, try_docx
from handlers.process import lent
from messages.flash_values import NAME as FLASH
from messages.flash_values import flash_name, flash_values
from messages.record_samples import samples
from messages.record_values import day_values, sheet_values
from storage import draft
from storage.database import Database, StorageFailed, Tx
from storage.deadline import Deadline
from storage.draft import Draft

logger = logging.getLogger(__name__)
AT_ONCE = 2
"""So many documents are made at once: each is a process of its own, and many may be wanted at a start."""
SHIPPED = Path(__file__).parents[1] / "messages" / "documents"


@step(prints.KIND)
async def begin(tx: Tx, deadline: Deadline, now: datetime) -> None:
    """Something is to be printed or tried: after this unit of work, outside any transaction."""
    await prints.begun(tx, now, deadline.subject)
    tx.after.append(lambda: lent().print(deadline.subject))


@dataclass
class Prints:
    """Prints, keeps and sends."""

    db: Database
    clock: Clock
    folder: Path
    converter: str | None = None
    """The program that makes a PDF of a Word file, None where there is none."""
    _turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    _wanted: set[str] = field(default_factory=set)
    """What is being made, or waits for its turn."""

    def read(self, sha256: str) -> bytes:
        """Return a kept file; b"" when it is gone from the disk or is no longer what was kept."""
        try:
            return kept(self.folder, sha256)
        except Spoilt:
            logger.exception("the kept file %s is not sent", sha256)
            return b""

    def state(self, sha256: str) -> record.Kept:
        """Return whether a kept file is still what was kept."""
        try:
            kept(self.folder, sha256)
        except Spoilt as error:
            return "missing" if error.missing else "altered"
        return "whole"

    async def _template(self, name: str) -> tuple[bytes, bool]:
        """Return the template in force, and whether it is the office's own; a spoilt one gives way, and is told."""
        async with self.db.read() as tx:
            sha256 = await record.template_of(tx, name)
        if sha256:
            try:
                return kept(self.folder, sha256), True
            except Spoilt as error:
                await self._gave_way(name, str(error))
        return (SHIPPED / f"{name}.docx").read_bytes(), False

    async def _gave_way(self, name: str, why: str) -> None:
        logger.warning("the office's template %s failed: %s", name, why)
        async with self.db.write() as tx:
            said = f"{why}，已用自带模板打印"
            await prints.failed(tx, self.clock.now(), f"{name}（本单位模板）", said)

    async def _print(self, name: str, values: dict[str, object]) -> bytes:
        """Return the document; one of the office's own templates that fails gives way to the shipped one."""
        template, own = await self._template(name)
        try:
            return await print_docx(template, values)
        except DocumentRefused as error:
            if not own:
                raise
            await self._gave_way(name, str(error))
            return await print_docx((SHIPPED / f"{name}.docx").read_bytes(), values)

    async def print(self, subject: str) -> None:
        """Do what a row asks for, unless it is done; whatever goes wrong is told, and tried again later."""
        if subject in self._wanted:
            return
        self._wanted.add(subject)
        try:
            async with self._turn:
                await self._print_one(subject)
        finally:
            self._wanted.discard(subject)

    async def _print_one(self, subject: str) -> None:
        number = int(subject[1:])
        if subject.startswith("H"):
            await self._guarded(f"交接班记录 {subject}", self._handover(number))
            return
        if subject.startswith("R"):
            await self._guarded(f"{FLASH} {subject}", self._flash(number))
            return
        async with self.db.read() as tx:
            asked = await draft.by_id(tx, number)
        if asked is None or asked.data is None or asked.used_at is not None:
            await self._done(subject)
            return
        work = {
            prints.DAY: self._day,
            prints.IN_FORCE: self._in_force,
            prints.TRIAL: self._trial,
            prints.FLASH: self._draft_flash,
        }
        await self._guarded(asked.text, work[asked.kind](asked, asked.data))

    async def _guarded(self, title: str, work: Awaitable[None]) -> None:
        try:
            await work
        except DocumentRefused as error:
            await self._failed(title, str(error))
        except Exception as error:
            logger.exception("%s could not be printed", title)
            await self._failed(title, _why(error))

    async def _failed(self, title: str, why: str) -> None:
        try:
            async with self.db.write() as tx:
                await prints.failed(tx, self.clock.now(), title, why, again=True)
        except StorageFailed:
            logger.exception("it could not be kept that %s is not printed", title)

    async def _done(self, subject: str) -> None:
        async with self.db.write() as tx:
            await prints.done(tx, self.clock.now(), subject)

    async def _handover(self, number: int) -> None:
        now = self.clock.now()
        async with self.db.read() as tx:
            found = await record.sheet(tx, now, number)
            printed = await record.made(tx, number)
            room, zone = tx.rules.room, tx.zone
        if found is None or printed is not None:
            await self._done(f"H{number}")
            return
        sheet, content = found
        values = sheet_values(sheet, content, room=room.name, phone=room.phone, zone=zone, now=now)
        at = (sheet.signed_in_at or sheet.opened_at).astimezone(zone)
        sha256 = keep(self.folder, await self._print("交接班记录", values))
        async with self.db.write() as tx:
            await record.printed(tx, now, number, f"交接班记录{at:%Y%m%d-%H%M}.docx", sha256, content)

    async def _flash(self, number: int) -> None:
        """Print a report that was sent, and again with its signature when that came after; then as PDF."""
        async with self.db.read() as tx:
            wanted = await flash.wanted(tx, number)
        if wanted is not None:
            zone = self.db.zone
            document = await self._print(FLASH, flash_values(wanted.flash, zone=zone))
            name = f"{flash_name(wanted.flash, zone, signed_after=wanted.signed_after)}.docx"
            sha256 = keep(self.folder, document)
            async with self.db.write() as tx:
                await flash.printed(tx, self.clock.now(), number, name, sha256)
        if self.converter:
            await self._pdf(number, self.converter)
        await self._done(f"R{number}")

    async def _pdf(self, number: int, converter: str) -> None:
        """Lay a PDF beside the newest Word file of a report; without one the Word file is enough."""
        async with self.db.read() as tx:
            copy = await flash.unconverted(tx, number)
        if copy is None:
            return
        try:
            data = await to_pdf(converter, kept(self.folder, copy.sha256))
        except (ConversionFailed, Spoilt) as error:
            async with self.db.write() as tx:
                await prints.failed(tx, self.clock.now(), f"{FLASH}（PDF）", str(error))
            return
        sha256 = keep(self.folder, data)
        async with self.db.write() as tx:
            await flash.converted(tx, self.clock.now(), number, copy, sha256)

    async def _draft_flash(self, asked: Draft, data: dict[str, Any]) -> None:
        """Print a report that was not sent, as a draft, for whoever asked."""
        async with self.db.read() as tx:
            x = await flash.unsent(tx, int(data["report"]))
        if x is None:
            await self._done(f"D{asked.id}")
            return
        zone = self.db.zone
        document = await self._print(FLASH, flash_values(x, zone=zone, draft=True))
        name = f"{flash_name(x, zone, draft=True)}.docx"
        await self._send(asked, [(asked.text, name, keep(self.folder, document))])

    async def _day(self, asked: Draft, data: dict[str, Any]) -> None:
        """Print a day of the duty log for a person."""
        now, day = self.clock.now(), date.fromisoformat(data["day"])
        async with self.db.read() as tx:
            found, zone = await dutylog.day(tx, day), tx.zone
        try:
            document = await self._print("值班日志", day_values(found, room=found.room, zone=zone, now=now))
        except DocumentRefused as error:
            async with self.db.write() as tx:
                if await prints.done(tx, now, f"D{asked.id}"):
                    await prints.failed(tx, now, asked.text, str(error), asked.person_id)
            return
        await self._send(asked, [(asked.text, record.day_name(day), keep(self.folder, document))])

    async def _in_force(self, asked: Draft, data: dict[str, Any]) -> None:
        """Send a person the templates in force."""
        del data
        files = []
        for name in record.TEMPLATES:
            template, _ = await self._template(name)
            files.append((f"模板 {name}", f"{name}.docx", keep(self.folder, template)))
        await self._send(asked, files)

    async def _send(self, asked: Draft, files: list[tuple[str, str, str]]) -> None:
        now = self.clock.now()
        async with self.db.write() as tx:
            if await prints.done(tx, now, f"D{asked.id}"):
                await record.send(tx, now, asked.person_id, files)

    async def _trial(self, asked: Draft, data: dict[str, Any]) -> None:
        """Fill a template with sample values: it is in force if that works, else the one before stays."""
        now, name, sha256 = self.clock.now(), data["name"], data["sha256"]
        why = None
        try:
            await try_docx(kept(self.folder, sha256), samples(name, now, self.db.zone))
        except (DocumentRefused, Spoilt) as error:
            why = str(error)
        async with self.db.write() as tx:
            if not await prints.done(tx, now, f"D{asked.id}"):
                return
            if why is not None:
                await record.refuse_template(tx, now, asked.person_id, name, why)
            else:
                await record.put_template(tx, now, asked.person_id, name, sha256)


def _why(error: Exception) -> str:
    """Return what went wrong in a few words for an admin."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "磁盘已满"
    return f"{type(error).__name__} {getattr(error, 'strerror', None) or ''}".strip()
