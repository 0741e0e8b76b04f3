"""One Word document to PDF: LibreOffice in a folder and profile of its own, ended with all it started.

Run as a script with three arguments: the program, seconds, bytes of address space. stdin: docx; stdout: PDF.
"""

import os
import resource
import signal
import subprocess
import sys
import tempfile
from pathlib import Path


def convert(program: str, seconds: int, memory: int, document: bytes) -> bytes:
    """Return the PDF, b"" when none was made."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "in.docx").write_bytes(document)
        args = (
            *(program, "--headless", "--norestore", f"-env:UserInstallation={Path(folder).as_uri()}/profile"),
            *("--convert-to", "pdf", "--outdir", folder, f"{folder}/in.docx"),
        )
        env = {"HOME": folder, "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        quiet = subprocess.DEVNULL
        office = subprocess.Popen(  # noqa: S603 - the administrator's own setting; nothing of it comes from a message
            args, cwd=folder, env=env, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
        )
        try:
            office.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(office.pid, signal.SIGKILL)
            office.wait()
        made = Path(folder) / "in.pdf"
        return made.read_bytes() if made.is_file() else b""


if __name__ == "__main__":
    sys.stdout.buffer.write(convert(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.stdin.buffer.read()))
