"""The steps of the runbook (docs/operations.md) that no other test walks, by the real command line and processes."""

import base64
import shutil
from pathlib import Path

import pytest

from tests.faults.processes import STRANGERS, Chat, Street, accounts
from tests.faults.test_secrets import PNG, kept

pytestmark = [pytest.mark.process, pytest.mark.timeout(300)]

OFFICER, ADMIN = "郑伟", "宋倩"


async def test_an_admin_whose_account_is_lost_comes_in_again_and_the_old_account_is_a_stranger(
    tmp_path: Path, chat: Chat
) -> None:
    street, (new, _) = Street(tmp_path / "office", chat), STRANGERS
    await street.lay_in()
    lost = accounts()[ADMIN]
    async with street.running():
        status, code, complaint = await street.command("claim")
        assert status == 0, complaint
        typed = await chat.types(new, f"/start {code.strip()}")
        helper = (await chat.hears(new, "已绑定", typed)).partition("已绑定：")[2].partition("（")[0]
        typed = await chat.types(new, f"邀请 {ADMIN}")
        link = await chat.hears(new, "start=", typed)
        typed = await chat.types(new, "/start " + link.partition("start=")[2].split()[0])
        assert ADMIN in await chat.hears(new, "已绑定", typed), "the account is hers now"
        typed = await chat.types(lost, "状态")
        assert "还没有登记" in await chat.hears(lost, "邀请", typed)
        typed = await chat.types(new, f"人员 停用 {helper}")
        assert helper in await chat.hears(new, "停用", typed)
        typed = await chat.types(new, "状态")
        assert "运行正常" in await chat.hears(new, "运行", typed)


async def test_the_room_moves_to_another_machine_with_all_that_stood_open(tmp_path: Path, chat: Chat) -> None:
    street, officer = Street(tmp_path / "office", chat), accounts()[OFFICER]
    await street.lay_in()
    async with street.running() as bot:
        typed = await chat.types(officer, "首报 海棠里社区3号楼地下室积水")
        await chat.hears(officer, "E1", typed)
        await chat.ask(
            "post_photo", account_id=officer, data=base64.b64encode(PNG).decode(), caption="E1 现场照片"
        )
        await kept(street.data / "files")
        assert await bot.terminate() < 5
    status, said, complaint = await street.command("backup")
    assert status == 0, complaint
    there = Street(tmp_path / "another", chat)
    shutil.copytree(street.data / "backups", there.data / "backups")
    status, said, complaint = await there.command(
        "restore", str(there.data / "backups" / Path(said.strip().partition("：")[2]).name)
    )
    assert status == 0, complaint
    status, said, _ = await there.command("verify")
    assert (status, "日志链完好" in said) == (0, True)
    async with there.running():
        typed = await chat.types(officer, "待办")
        assert "E1" in await chat.hears(officer, "E1", typed)
        typed = await chat.types(officer, "附件 E1")
        await chat.hears(officer, "E1", typed)
    assert [p.read_bytes() for p in (there.data / "files").rglob("*") if p.is_file()] == [PNG]
