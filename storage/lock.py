"""One process per data folder: the second refuses to start and says who holds it."""

import fcntl
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO


class AlreadyRunning(Exception):
    """Another process holds the data folder; the text names it."""


@dataclass
class FolderLock:
    """An exclusive lock on a data folder, held until `release` or the end of the process."""

    folder: Path
    _file: IO[str] | None = None

    def take(self, now: datetime) -> None:
        """Take the lock or raise AlreadyRunning naming the holder's process and start."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = (self.folder / "dutyroom.lock").open("a+", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            holder = file.read().strip() or "未知进程"
            file.close()
            raise AlreadyRunning(
                f"数据目录 {self.folder} 正被另一个值班室进程使用（{holder}），本进程不启动"
            ) from error
        file.seek(0)
        file.truncate()
        file.write(f"进程 {os.getpid()}，{now:%Y-%m-%d %H:%M:%S %Z} 启动")
        file.flush()
        self._file = file

    def release(self) -> None:
        """Give the lock back."""
        if self._file is not None:
            self._file.close()
            self._file = None
