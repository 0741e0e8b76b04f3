"""Simulated power cuts: what was not synced is dropped, or kept in part, and what was confirmed must stand.

The real process works under load while `disk.c` writes down every write, sync and byte sent, in order. A cut is a place
in that record: the files as synced by then, with any of the later writes kept or not, each whole or torn at a sector.
Run by hand: `python -m tests.faults.power --cuts 1000`.
"""

import argparse
import asyncio
import random
import re
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote_plus

from config.settings import Settings
from storage import log
from storage.database import Database
from tests.faults.processes import Street, accounts, local_chat

HEAD = struct.Struct("<cIQI")
SECTOR = 512
OFFICER = accounts()["郑伟"]


@dataclass
class File:
    """A file as the disk has it, and what the disk may still lose."""

    synced: bytearray = field(default_factory=bytearray)
    waiting: list[tuple[int, bytes | None]] = field(default_factory=list)
    """Writes since the last sync: offset and bytes; None: cut off there."""

    def sync(self) -> None:
        """All of it is on the disk."""
        for offset, data in self.waiting:
            put(self.synced, offset, data)
        self.waiting = []

    def after_a_cut(self, chance: random.Random) -> bytes:
        """Return what the disk may hold after a cut: any of the waiting writes, each whole, torn or lost."""
        left = bytearray(self.synced)
        keeping = chance.random()
        for offset, data in self.waiting:
            if chance.random() < keeping:
                torn = data is not None and chance.random() < 0.2
                put(
                    left,
                    offset,
                    data[: chance.randrange(0, len(data) + 1, SECTOR)] if data and torn else data,
                )
        return bytes(left)


def put(content: bytearray, offset: int, data: bytes | None) -> None:
    """Write bytes at a place, or cut the content off there (or fill it up to there)."""
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    if data is None:
        del content[offset:]
    else:
        content[offset : offset + len(data)] = data


@dataclass(frozen=True)
class Record:
    """One thing that the process did: W, T, S, U on a file, M for bytes that left the machine."""

    kind: str
    path: str
    offset: int
    data: bytes


def records(file: Path) -> Iterator[Record]:
    """Read what `disk.c` wrote down."""
    with file.open("rb") as source:
        while len(head := source.read(HEAD.size)) == HEAD.size:
            kind, size, offset, length = HEAD.unpack(head)
            yield Record(kind.decode(), source.read(size).decode(), offset, source.read(length))


@dataclass
class Machine:
    """The disk and what the outside was told, as far as the record was replayed."""

    files: dict[str, File] = field(default_factory=dict)
    offset: int = 0
    """Telegram was told that every update below this is kept."""
    confirmed: set[str] = field(default_factory=set)
    """Notes whose keeping was confirmed to the officer."""

    def do(self, one: Record) -> None:
        """Replay one record."""
        if one.kind == "M":
            self._heard(one.data)
            return
        file = self.files.setdefault(one.path, File())
        match one.kind:
            case "W":
                file.waiting.append((one.offset, one.data))
            case "T":
                file.waiting.append((one.offset, None))
            case "S":
                file.sync()
            case "U":
                del self.files[one.path]
            case _:
                raise ValueError(f"the record is broken: {one.kind}")

    def _heard(self, data: bytes) -> None:
        text = unquote_plus(data.decode("utf-8", "replace"))
        if found := re.search(r"getUpdates.*?offset=(\d+)|offset=(\d+)", text, re.DOTALL):
            self.offset = max(self.offset, int(found[1] or found[2]))
        self.confirmed |= set(re.findall(r"已记录 <b>(L\d+)", text))

    def cut(self, folder: Path, chance: random.Random, base: Path) -> None:
        """Lay out in a folder what is left."""
        for path, file in self.files.items():
            name = Path(path).relative_to(base)
            if name.name.startswith("dutyroom.sqlite3") and not name.name.endswith("-shm"):
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(file.after_a_cut(chance))


@dataclass
class Outcome:
    """What the cuts showed."""

    cuts: int = 0
    updates: int = 0
    """Updates that were confirmed to Telegram, over all cuts."""
    notes: int = 0
    """Notes that were confirmed to their writer, over all cuts."""
    lost: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """Return one line."""
        return (
            f"cuts {self.cuts}, confirmed updates {self.updates}, confirmed notes {self.notes},"
            f" lost or damaged {len(self.lost)} {self.lost[:5]}"
        )


@dataclass(frozen=True)
class Worked:
    """The record of a process at work, its data folder, and the files as they stood before."""

    record: Path
    data: Path
    before: Path


async def try_cuts(worked: Worked, cuts: int, chance: random.Random, *, lying: bool = False) -> Outcome:
    """Cut the power at so many places of a record. `lying`: a disk whose syncs do nothing, to see that it is found."""
    whole = [one for one in records(worked.record) if not (lying and one.kind == "S")]
    places = sorted(chance.choices(range(len(whole)), k=cuts))
    machine, outcome, done = Machine(), Outcome(), 0
    for file in worked.before.glob("dutyroom.sqlite3*"):
        machine.files[str(worked.data / file.name)] = File(bytearray(file.read_bytes()))
    for place in places:
        for one in whole[done : place + 1]:
            machine.do(one)
        done = place + 1
        with tempfile.TemporaryDirectory() as folder:
            machine.cut(Path(folder), chance, worked.data)
            await look(Path(folder), machine, outcome, place)
    return outcome


async def look(folder: Path, machine: Machine, outcome: Outcome, place: int) -> None:
    """Open what is left as the next start does, and compare it with what the outside was told."""
    outcome.cuts += 1
    settings = Settings(data=folder, _env_file=None)
    db = Database(settings.url, settings.zone)
    try:
        if damage := await db.damage():
            outcome.lost.append(f"{place}: {damage}")
        async with db.read() as tx:
            verified = await log.verify(tx)
        if isinstance(verified, log.Broken):
            outcome.lost.append(f"{place}: {verified.reason}")
    finally:
        await db.close()
    with closing(sqlite3.connect(folder / "dutyroom.sqlite3")) as left:
        kept = {row[0] for row in left.execute("SELECT update_id FROM inbox")}
        noted = {f"L{row[0]}" for row in left.execute("SELECT seq FROM log WHERE act = 'duty.log'")}
    wanted = set(range(730_000_001, machine.offset))
    outcome.updates, outcome.notes = outcome.updates + len(wanted), outcome.notes + len(machine.confirmed)
    outcome.lost += [f"{place}: update {u}" for u in wanted - kept]
    outcome.lost += [f"{place}: note {n}" for n in machine.confirmed - noted]


def build(folder: Path) -> Path | None:
    """Compile `disk.c`; None without a compiler."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        return None
    library, source = folder / "disk.so", Path(__file__).with_name("disk.c")
    command: Sequence[str] = [compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(source), "-ldl"]
    subprocess.run(command, check=True)  # noqa: S603 - our own source and a compiler of this machine
    return library


async def work(folder: Path, shim: Path, inputs: int) -> Worked:
    """Let the real process work under 20 inputs a second."""
    async with local_chat(folder / "chat") as chat:
        street = Street(folder / "office", chat, '[misc]\nsends_per_second = 150\nchat_gap = "0.05s"\n')
        await street.lay_in()
        before = folder / "before"
        shutil.copytree(street.data, before)
        source = folder / "record"
        street.settings |= {
            "LD_PRELOAD": str(shim),
            "DISK_FOLDER": str(street.data),
            "DISK_LOG": str(source),
        }
        async with street.running():
            last = 0
            for number in range(inputs):
                last = await chat.types(OFFICER, f"记录 第{number}条")
                if number % 40 == 0:
                    await chat.types(OFFICER, f"首报 刚才海棠里社区{number}号楼楼道着火，119已打")
                await asyncio.sleep(0.05)
            await chat.hears(OFFICER, "已记录", last)
            await asyncio.sleep(0.05)
        return Worked(source, street.data, before)


async def main(cuts: int, inputs: int, seed: int) -> Outcome:
    """Work once and cut often."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shim = build(folder)
        if shim is None:
            raise SystemExit("no C compiler")
        return await try_cuts(await work(folder, shim, inputs), cuts, random.Random(seed))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.faults.power")
    parser.add_argument("--cuts", type=int, default=1000)
    parser.add_argument("--inputs", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    outcome = asyncio.run(main(asked.cuts, asked.inputs, asked.seed))
    print(outcome)  # noqa: T201 - the run's numbers
    sys.exit(1 if outcome.lost or not outcome.notes else 0)
