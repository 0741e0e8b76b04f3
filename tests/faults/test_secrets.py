"""What the real process leaves on the disk: readable by its own user only, without token, code or download address."""

import asyncio
import base64
import stat
from pathlib import Path

from tests.faults.processes import TOKEN, Chat, Street, accounts, elapsed

OFFICER, ADMIN = "郑伟", "宋倩"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+M8AAQUBAScY42YAAAAASUVORK5CYII="
)


async def test_nothing_secret_is_left_on_the_disk(tmp_path: Path, chat: Chat) -> None:
    street, ids = Street(tmp_path / "office", chat), accounts()
    await street.lay_in()
    async with street.running() as bot:
        typed = await chat.types(ids[ADMIN], "邀请 刘芳")
        code = (await chat.hears(ids[ADMIN], "start=", typed)).split("start=")[1].split()[0]
        typed = await chat.types(ids[OFFICER], "首报 海棠里社区3号楼地下室积水")
        await chat.hears(ids[OFFICER], "E1", typed)
        picture = base64.b64encode(PNG).decode()
        await chat.ask("post_photo", account_id=ids[OFFICER], data=picture, caption="E1 现场照片")
        await kept(street.data / "files")
        assert await bot.terminate() < 5
    files = [path for path in street.data.rglob("*") if path.is_file()]
    assert any(path.read_bytes() == PNG for path in files), "the photo is kept"
    loose = [
        str(p.relative_to(street.data))
        for p in [street.data, *files]
        if stat.S_IMODE(p.stat().st_mode) & 0o077
    ]
    assert loose == [], "others on the machine could read these"
    secrets = (TOKEN, TOKEN.partition(":")[2], code, "/file/bot")
    assert [(s, p.name) for s in secrets for p in files if s.encode() in p.read_bytes()] == []


async def kept(folder: Path) -> None:
    """Wait until a file is there."""
    end = elapsed() + 20
    while not await asyncio.to_thread(found, folder):
        assert elapsed() < end, "no attachment came"
        await asyncio.sleep(0.05)


def found(folder: Path) -> bool:
    """Return True if there is a file."""
    return any(path.is_file() for path in folder.rglob("*"))
