"""Backups: the pages of one snapshot from a reader beside the writer, checked, rotated, restored.

A file named `*.sqlite3` has been checked; what is being written is called `*.partial`.
"""

import asyncio
import contextlib
import hashlib
import os
import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from storage import log
from storage.database import Database

DAYS, WEEKS, MONTHS = 14, 8, 12
"""The newest backup of so many days, weeks and months is kept."""
SPARE = 50 * 1024 * 1024
"""Bytes that a backup leaves free: a full disk would stop the bot itself."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
STAMP = "%Y%m%d-%H%M%S"
FILES = "files"
"""The folder beside the backups with the attachments, which the log names by their hashes."""


class BackupFailed(Exception):
    """The backup is not usable; the text says why."""


def backup_file(folder: Path, now: datetime, kind: str) -> Path:
    """Return the name of a new backup: date first, then its kind; `now` in the room's time."""
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{now:{STAMP}}-{kind}.sqlite3"


def written_at(backup: Path) -> datetime | None:
    """Return the time in a backup's name, as its room's clock showed it; None for a file of another name."""
    try:
        return datetime.strptime(backup.name[:15], STAMP)  # noqa: DTZ007 - the room's own time
    except ValueError:
        return None


def newest(folder: Path) -> Path | None:
    """Return the newest backup."""
    return max((f for f in folder.glob("*.sqlite3") if written_at(f)), default=None)


async def back_up(db: Database, target: Path) -> Path:
    """Write a whole copy of the database to `target` and check it; raise BackupFailed."""
    if db.path is None:
        raise BackupFailed("PostgreSQL 请用 pg_dump 备份")
    _must_be_new(target)
    _must_fit(db.path, target)
    partial = target.with_name(f"{target.name}.partial")
    partial.unlink(missing_ok=True)
    try:
        await copy(db, partial)
        await asyncio.to_thread(_finish, partial, target)
    except sqlite3.Error as error:
        raise BackupFailed(f"{target.name} 没有写成：{error}") from error
    finally:
        partial.unlink(missing_ok=True)  # nobody shall rely on half a copy
    return target


async def copy(db: Database, target: Path) -> None:
    """Write the database as it stands now to `target`, unchecked; writers go on. Raises sqlite3.Error."""
    if db.path is not None:
        await asyncio.to_thread(_copy, db.path, target)


def _copy(source: Path, target: Path) -> None:
    """Copy one snapshot, by a connection of its own: the writer's would make all units of work wait.

    In one step, which holds its snapshot: a copy in several begins anew whenever somebody commits between them.
    """
    place = f"file:{quote(str(source.absolute()))}?mode=ro"
    with (
        contextlib.closing(sqlite3.connect(place, uri=True, timeout=10, isolation_level=None)) as reader,
        contextlib.closing(sqlite3.connect(target, isolation_level=None)) as copied,
    ):
        copied.execute("PRAGMA synchronous=OFF")  # it is put on the disk as a whole
        copied.execute("PRAGMA journal_mode=OFF")
        reader.backup(copied, pages=-1)
        copied.execute("PRAGMA journal_mode=DELETE")  # a file by itself, to be read without one beside it
    put_on_disk(target)


def _must_be_new(target: Path) -> None:
    if target.exists():
        raise BackupFailed(f"{target.name} 已经有了")


def _must_fit(source: Path, target: Path) -> None:
    if not target.parent.exists():
        raise BackupFailed(f"{target.name} 没有写成：没有目录 {target.parent}")
    wanted, free = source.stat().st_size + SPARE, shutil.disk_usage(target.parent).free
    if free < wanted:
        raise BackupFailed(f"{target.name} 没有写：需要 {wanted >> 20} MB，磁盘只剩 {free >> 20} MB")


def _finish(partial: Path, target: Path) -> None:
    """Check a copy, and only then give it its name."""
    check(partial)
    partial.replace(target)


def put_on_disk(file: Path) -> None:
    """Return once a file's bytes are on the disk."""
    with file.open("rb") as written:
        os.fsync(written.fileno())


def check(path: Path) -> log.Verified | log.Broken:
    """Return how the log in `path` stands; raise BackupFailed unless it is a whole database of ours.

    A broken log is no reason to refuse a copy: it is a true one.
    """
    try:
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as copy:
            copy.row_factory = sqlite3.Row
            answer = copy.execute("PRAGMA integrity_check").fetchone()[0]
            if answer == "ok":
                return _chain(copy)
    except sqlite3.Error as error:
        raise BackupFailed(f"{path.name} 不是完好的备份：{error}") from error
    raise BackupFailed(f"{path.name} 校验不过：{answer}")


def _chain(copy: sqlite3.Connection) -> log.Verified | log.Broken:
    chain = log.Chain()
    for row in copy.execute("SELECT * FROM log ORDER BY seq"):
        if broken := chain.add(_at(row["at"]), row):
            return broken
    head = copy.execute("SELECT value FROM facts WHERE name = ?", (log.HEAD,)).fetchone()
    revision = copy.execute("SELECT version_num FROM alembic_version").fetchone()[0]
    if revision < log.HEAD_SINCE:  # a copy older than the head has none
        return log.Verified(chain.last, chain.head)
    return chain.end(head["value"] if head else "")


def _at(microseconds: int) -> datetime:
    return EPOCH + timedelta(microseconds=microseconds)


def rotate(folder: Path, kind: str) -> None:
    """Delete the backups of one kind but the newest of each of the last days, weeks and months that have one."""
    found = sorted(folder.glob(f"*-{kind}.sqlite3"), reverse=True)
    named = [(at, one) for one in found if (at := written_at(one)) is not None]
    kept: set[Path] = set()
    for form, most in (("%Y%m%d", DAYS), ("%G-%V", WEEKS), ("%Y-%m", MONTHS)):
        newest_of: dict[str, Path] = {}
        for at, one in named:
            newest_of.setdefault(f"{at:{form}}", one)
        kept |= set([*newest_of.values()][:most])
    for _, old in named:
        if old not in kept:
            old.unlink(missing_ok=True)


def restore(source: Path, target: Path) -> Path | None:
    """Put a checked backup in the database's place; return under which name what was there is kept."""
    check(source)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f"{target.name}.partial")
    try:
        shutil.copyfile(source, partial)
        check(partial)
        put_on_disk(partial)
        aside = _aside(target)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return aside


def _aside(target: Path) -> Path | None:
    """Move a database and its log out of the way, under a name that is not taken."""
    if not any(target.with_name(target.name + suffix).exists() for suffix in ("", "-wal")):
        return None
    number, aside = 1, target.with_name(f"{target.name}.before-restore")
    while aside.exists():
        number += 1
        aside = target.with_name(f"{target.name}.before-restore-{number}")
    for suffix in ("", "-wal", "-shm"):
        old = target.with_name(target.name + suffix)
        if old.exists():
            old.replace(aside.with_name(aside.name + suffix))
    return aside


def keep_files(source: Path, folder: Path) -> int:
    """Copy the attachments that are not in the backups yet and return how many; one store serves all backups.

    They are named by their content, so a copy never changes; it shares no block with the original, unlike a link.
    Raises OSError.
    """
    return _copy_missing(source, folder / FILES)


def bring_files(folder: Path, target: Path) -> int:
    """Put back the attachments that are missing (or cut short) beside a restored database; return how many."""
    return _copy_missing(folder / FILES, target)


def _copy_missing(source: Path, target: Path) -> int:
    copied = 0
    for file in sorted(source.glob("??/*")):
        place = target / file.parent.name / file.name
        if _there(place, file) or not _whole(file, file.name):
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        partial = place.with_suffix(".partial")
        shutil.copyfile(file, partial)
        partial.replace(place)
        copied += 1
    return copied


def _there(place: Path, file: Path) -> bool:
    return place.is_file() and place.stat().st_size == file.stat().st_size


def _whole(file: Path, digest: str) -> bool:
    """A half-written or altered file is no attachment, and must not take the place of a whole copy."""
    return hashlib.sha256(file.read_bytes()).hexdigest() == digest
