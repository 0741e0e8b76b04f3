"""The office's words against a real database file: what is recorded, who is told, what is refused."""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select

from actions import (
    audit,
    drill,
    dutylog,
    evidence,
    export,
    obligation,
    rollcall,
    rule,
    stats,
    task,
    todo,
)
from actions.deadline import STEPS
from config.rules import RuleError, change_rules, explained, flat, load_rules
from domain.actor import Actor
from domain.instruction import NoSuchDay, read_instruction
from domain.latency import measure, percentile
from domain.notice import Notice
from domain.notices import base
from domain.notices import room as say
from domain.obligation import Cadence, cadence_of, period_of
from domain.people import Role, UnitLevel
from domain.roster import Post
from messages import room_files
from messages.render import render, units
from storage import bulletin, callout, deadline, incident, log, outbox, people, roster, schema
from storage.database import Database, Tx

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 7, 25, 2, 0, tzinfo=UTC)  # 10:00 in the room
TIMED = (Cadence.MONTH, Cadence.QUARTER, Cadence.HALF, Cadence.YEAR)
MINUTE = timedelta(minutes=1)


class Office:
    """A room with a leader, an officer on watch, an admin, a superior and one village."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.ids: dict[str, int] = {}

    async def open(self) -> None:
        """Lay the tables and the people."""
        async with self.db._writer.begin() as conn:
            await conn.run_sync(schema.metadata.create_all)
            await conn.execute(insert(schema.rooms).values(id=1, name="沽水街道值班室", drill=False))
            await conn.execute(insert(schema.facts).values(name=log.HEAD, value=f"0 {log.GENESIS}"))
        async with self.db.write() as tx:
            village = await people.put_unit(tx, "东沽村", UnitLevel.VILLAGE, None)
            await people.put_unit(tx, "西沽村", UnitLevel.VILLAGE, None)
            for account, (name, role) in enumerate(
                [
                    ("王海", Role.LEADER),
                    ("刘芳", Role.OFFICER),
                    ("赵敏", Role.ADMIN),
                    ("区值班", Role.SUPERIOR),
                    ("李强", Role.CONTACT),
                ],
                start=100,
            ):
                key = await people.add_person(tx, name, phone=f"1390000{account}", telegram_id=account)
                unit, ab = (village, "A") if role is Role.CONTACT else (None, None)
                await people.give_post(tx, key, role, unit, ab)
                self.ids[name] = key
            await roster.take_watch(tx, NOW, self.ids["刘芳"], None)

    async def who(self, tx: Tx, name: str) -> Actor:
        """Return a person by name."""
        found = await people.by_id(tx, self.ids[name])
        assert found is not None
        return found

    async def told(self, tx: Tx, name: str) -> list[str]:
        """Return the kinds of what was promised to a person, oldest first."""
        rows = await tx.all(
            select(schema.outbox.c.kind)
            .where(schema.outbox.c.person_id == self.ids[name])
            .order_by(schema.outbox.c.id)
        )
        return [row.kind for row in rows]

    async def heard(self, tx: Tx, name: str, kind: type[Notice]) -> Notice:
        """Return the newest notice of a kind promised to a person."""
        rows = await tx.all(
            select(schema.outbox.c.data)
            .where(schema.outbox.c.person_id == self.ids[name], schema.outbox.c.kind == kind.kind())
            .order_by(schema.outbox.c.id)
        )
        return kind.model_validate(rows[-1].data)

    async def fire(self, tx: Tx, now: datetime) -> list[str]:
        """Act on every deadline that is due and return their names."""
        done = []
        for due in await deadline.due(tx, now):
            assert await deadline.claim(tx, due, now)
            await STEPS[due.kind](tx, due, now)
            done.append(f"{due.kind}.{due.step}")
        return done


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    db = Database(f"sqlite+aiosqlite:///{tmp_path / 'room.sqlite3'}", ZONE)
    room = Office(db)
    await room.open()
    yield room
    await db.close()


def words(notice: Notice, now: datetime = NOW) -> str:
    shown = render(notice, zone=ZONE, now=now)
    assert len(shown.parts) == 1
    assert units(shown.parts[0]) <= 4096
    return shown.plain


# --- pure parts --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "key", "left"),
    [
        (date(2026, 1, 1), "2026Q1", 89),
        (date(2026, 3, 31), "2026Q1", 0),
        (date(2026, 4, 1), "2026Q2", 90),
        (date(2026, 9, 30), "2026Q3", 0),
        (date(2026, 12, 31), "2026Q4", 0),
        (date(2024, 2, 29), "2024Q1", 31),
        (date(2024, 1, 1), "2024Q1", 90),  # a leap year's first quarter is a day longer
    ],
)
def test_a_quarter_ends_with_its_last_calendar_day(day: date, key: str, left: int) -> None:
    period = period_of(Cadence.QUARTER, day)
    assert period is not None
    assert (period.key, period.days_left(day)) == (key, left)
    assert period.first <= day <= period.last


@pytest.mark.parametrize(("year", "days"), [(2024, 365), (2026, 364), (2100, 364)])
def test_a_year_has_a_day_more_when_it_leaps(year: int, days: int) -> None:
    period = period_of(Cadence.YEAR, date(year, 1, 1))
    assert period is not None
    assert (period.key, period.days_left(date(year, 1, 1))) == (str(year), days)


@pytest.mark.parametrize(
    ("frequency", "cadence"),
    [
        ("每季度", Cadence.QUARTER),
        ("每月", Cadence.MONTH),
        ("每半年", Cadence.HALF),
        ("每年", Cadence.YEAR),
        ("年度", Cadence.YEAR),
        ("每2年", Cadence.PER_PERSON),
        ("1年内", Cadence.PER_PERSON),
        ("频次未定→本单位自定", Cadence.UNSET),
        ("经常性（频次未定）", Cadence.UNSET),
        ("每次预警", Cadence.OTHER),
        ("常设", Cadence.OTHER),
    ],
)
def test_a_cadence_is_only_what_the_document_says(frequency: str, cadence: Cadence) -> None:
    assert cadence_of(frequency) is cadence
    assert (period_of(cadence, date(2026, 7, 25)) is None) == (cadence not in TIMED)


@pytest.mark.parametrize(
    ("typed", "owner", "unknown", "text", "due"),
    [
        ("给刘芳 核查积水 17:00前", "刘芳", None, "核查积水 17:00前", "25 17:00"),
        ("给刘芳芳核查", "刘芳芳", None, "核查", None),
        ("@王海\uff0c明天8点前报", "王海", None, "明天8点前报", "26 08:00"),
        ("8:00前报送", None, None, "8:00前报送", "26 08:00"),
        ("18\uff1a30前报送", None, None, "18\uff1a30前报送", "25 18:30"),
        ("今天下午3点半前报", None, None, "今天下午3点半前报", "25 15:30"),
        ("今天8点前报", None, None, "今天8点前报", "25 08:00"),
        ("今晚9点之前", None, None, "今晚9点之前", "25 21:00"),
        ("31日9点前交", None, None, "31日9点前交", "31 09:00"),
        ("3天内报方案", None, None, "3天内报方案", "28 10:00"),
        ("两日内报方案", None, None, "两日内报方案", "27 10:00"),
        ("一周之内报方案", None, None, "一周之内报方案", "01 10:00"),
        ("7月30日内报", None, None, "7月30日内报", "30 23:59"),
        ("后天前报", None, None, "后天前报", "27 23:59"),
        ("周五前报", None, None, "周五前报", "31 23:59"),
        ("周日前报", None, None, "周日前报", "26 23:59"),
        ("月底前报", None, None, "月底前报", "31 23:59"),
        ("本周内报", None, None, "本周内报", "26 23:59"),
        ("刘芳、小赵 核查", "刘芳", "小赵", "小赵 核查", None),
        ("给王八 做事", None, "王八", "给王八 做事", None),
        ("@王八做事", None, "王八做事", "@王八做事", None),
        ("刘芳 17:00前核查积水", "刘芳", None, "17:00前核查积水", "25 17:00"),
        ("刘芳，请核查积水", "刘芳", None, "请核查积水", None),
        ("刘芳带队核查积水", None, None, "刘芳带队核查积水", None),
        ("让刘芳去现场看看", "刘芳", None, "去现场看看", None),
        ("请刘芳、陈刚核查积水", "刘芳", None, "陈刚核查积水", None),
        ("请尽快 核查积水", None, None, "请尽快 核查积水", None),
        ("给各村转发通知", None, None, "给各村转发通知", None),
        ("25点前", None, None, "25点前", None),
        ("31日32点前", None, None, "31日32点前", None),
    ],
)
def test_an_instruction_is_read_for_owner_and_time(
    typed: str, owner: str | None, unknown: str | None, text: str, due: str | None
) -> None:
    said = read_instruction(typed, ["刘芳", "刘芳芳", "王海"], NOW, ZONE)
    local = said.due.astimezone(ZONE).strftime("%d %H:%M") if said.due else None
    assert (said.owner, said.unknown, said.text, local) == (owner, unknown, text, due)


@pytest.mark.parametrize(
    ("typed", "others", "text"),
    [
        ("给刘芳、王海 核查积水", ("王海",), "核查积水"),
        ("给刘芳和王海核查积水", ("王海",), "核查积水"),
        ("刘芳、王海、刘芳芳：核查积水", ("王海", "刘芳芳"), "核查积水"),
        ("刘芳 王海 8点前巡河", ("王海",), "8点前巡河"),
        ("给刘芳 王海家漏水，去看看", (), "王海家漏水，去看看"),
        ("给刘芳，请和王海核查", (), "请和王海核查"),
    ],
)
def test_an_instruction_is_for_everybody_it_names(typed: str, others: tuple[str, ...], text: str) -> None:
    said = read_instruction(typed, ["刘芳", "刘芳芳", "王海"], NOW, ZONE)
    assert (said.owner, said.others, said.text) == ("刘芳", others, text)


@pytest.mark.parametrize("typed", ["2月29日前报送", "2月30日17:00前报送", "给刘芳 6月31日前交"])
def test_a_day_the_calendar_does_not_have_is_no_time_limit(typed: str) -> None:
    with pytest.raises(NoSuchDay):
        read_instruction(typed, ["刘芳"], datetime(2026, 7, 25, 2, 0, tzinfo=UTC), ZONE)


def test_percentiles_are_times_that_occurred() -> None:
    assert [percentile([1, 2, 3, 4], share) for share in (0.5, 0.95, 0)] == [2, 4, 1]
    assert percentile([], 0.5) is None
    found = measure(5, 4, [30, -2, 700], 600)
    assert (found.in_time, found.p50, found.p95, found.slowest) == (2, 30, 700, 700)


@pytest.mark.parametrize(
    ("key", "value", "kept"),
    [
        ("misc.rollcall", "10分钟", "10m"),
        ("handover.prompts", "40m\uff0c0s", "40m,0s"),
        ("callout.red.tell_leader", "无", "-"),
        ("report.confirmed", "true", "true"),
        ("report.confirmed", "是", "true"),
        ("roster.swap_filed", "否", "false"),
        ("roster.changeover", "８：３０", "08:30"),
        ("roster.changeover", "8点半", "08:30"),
        ("report.nil_report_at", "17点", "17:00"),
        ("misc.rollcall", "１０分钟", "10m"),
        ("report.remind", "无", ""),
        ("roster.apart", "-", ""),
    ],
)
def test_a_rule_is_kept_in_its_plain_form(key: str, value: str, kept: str) -> None:
    changed = change_rules(load_rules(), key, value)
    assert flat(changed)[key] == kept
    assert flat(load_rules(None, {key: kept})) == flat(changed)


@pytest.mark.parametrize(
    ("key", "value", "why"),
    [
        ("misc.rollcall", "很久", "时长"),
        ("misc.sends_per_second", "0", "不能小于 1"),
        ("misc.sends_per_second", "5000", "不能大于 1000"),
        ("roster.changeover", "25点", "钟点"),
        ("misc.nothing", "1", "没有这一项"),
        ("report.followup_every", "0s", "不能小于 1s"),
        ("misc.rollcall", "0.001s", "不能小于 1s"),
        ("callout.red.remind", "0m", "不能小于 1s"),
        ("misc.invitation", "99999999d", "不能大于 366d"),
        ("roster.look_ahead", "400d", "不能大于 366d"),
        ("roster.changeover", "08:30:30", "钟点"),
        ("roster.changeover", "24:00", "钟点"),
        ("roster.required", "无", "至少写一项"),
        ("report.followup_daily", "-", "至少写一项"),
        ("room.phone", "8" * 41, "最多 40 个字"),
        ("callout.red", "1m", "没有这一项"),
    ],
)
def test_a_wrong_rule_says_why_in_chinese(key: str, value: str, why: str) -> None:
    with pytest.raises(RuleError, match=why):
        change_rules(load_rules(), key, value)


def test_rules_are_explained_by_their_own_file() -> None:
    assert explained()["roster.changeover"] == "交接班时刻"
    assert set(explained()) <= {*flat(load_rules()), "report.urgent"}


# --- duty log and tasks ------------------------------------------------------------------------------------


async def test_a_correction_is_a_new_entry_that_points_at_the_old(office: Office) -> None:
    async with office.db.write() as tx:
        liu = await office.who(tx, "刘芳")
        first = await dutylog.write(tx, liu, NOW, "水位 2.3 米")
        assert isinstance(first, say.Logged)
        assert f"L{first.seq}（10:00:00）" in words(first)
        second = await dutylog.correct(tx, liu, NOW, first.seq, "水位 3.2 米")
        assert isinstance(second, say.Logged)
        assert second.corrects == first.seq
        texts = [e.text for e in await log.entries(tx, act="duty.log")]
        assert texts == ["水位 2.3 米", "水位 3.2 米"]
        assert isinstance(await dutylog.correct(tx, liu, NOW, 99, "x"), base.NotFound)
        assert isinstance(await dutylog.correct(tx, liu, NOW, first.seq, ""), base.WrongForm)
        assert isinstance(await dutylog.write(tx, liu, NOW, ""), base.WrongForm)


async def test_a_file_is_logged_with_its_hash_and_a_lost_one_is_said(office: Office) -> None:
    async with office.db.write() as tx:
        liu = await office.who(tx, "刘芳")
        kept = say.FileKept(name="a.jpg", sha256="ab" * 32, size=9, kind="photo", text=None)
        assert "a.jpg" in words(await dutylog.write(tx, liu, NOW, "", kept))
        lost = words(await dutylog.write(tx, liu, NOW, "现场", None, "文件太大"))
        assert "附件没有保存：文件太大" in lost
        assert isinstance(await dutylog.write(tx, await office.who(tx, "李强"), NOW, "x"), base.NotAllowed)
        data = (await tx.all(select(schema.log.c.data).order_by(schema.log.c.seq)))[0].data
        assert json.loads(data)["file"]["sha256"] == "ab" * 32


async def test_an_instruction_is_told_reminded_escalated_and_done_once(office: Office) -> None:
    async with office.db.write() as tx:
        wang, liu = await office.who(tx, "王海"), await office.who(tx, "刘芳")
        given = await task.instruct(tx, wang, NOW, "给李强 核查3号楼 17:00前")
        assert isinstance(given, say.TaskAdded)
        assert "负责：李强 · 时限 17:00" in words(given)
        assert await office.told(tx, "李强") == ["room.task_given"]
        due = NOW + timedelta(hours=7)
        assert await office.fire(tx, due) == ["task.due"]
        assert await office.fire(tx, due + 29 * MINUTE) == []
        assert await office.fire(tx, due + 31 * MINUTE) == ["task.leader"]
        assert "仍未办结" in words(await office.heard(tx, "王海", say.TaskDue))
        assert (await office.told(tx, "李强"))[-1] == "room.task_due"
        number = int(given.number[1:])
        li = await office.who(tx, "李强")
        assert isinstance(await task.done(tx, li, due, number), say.TaskDone)
        assert isinstance(await task.done(tx, liu, due, number), say.TaskAlreadyDone)
        assert (await office.told(tx, "王海"))[-1] == "room.task_done"


async def test_a_done_task_reminds_nobody(office: Office) -> None:
    async with office.db.write() as tx:
        wang, liu = await office.who(tx, "王海"), await office.who(tx, "刘芳")
        given = await task.instruct(tx, wang, NOW, "查看泵站")
        assert isinstance(given, say.TaskAdded)
        assert given.owner == "刘芳"
        assert given.due_at == NOW + timedelta(hours=24)
        stranger = await office.who(tx, "李强")
        assert isinstance(await task.done(tx, stranger, NOW, int(given.number[1:])), base.NotAllowed)
        await task.done(tx, liu, NOW, int(given.number[1:]))
        assert await office.fire(tx, NOW + timedelta(days=3)) == []


@pytest.mark.parametrize(
    ("typed", "answer"),
    [("给王八 做事", say.OwnerUnknown), ("今天8点前报", base.WrongForm), ("", base.WrongForm)],
)
async def test_an_instruction_that_cannot_be_is_not_recorded(
    office: Office, typed: str, answer: type[Notice]
) -> None:
    async with office.db.write() as tx:
        said = await task.instruct(tx, await office.who(tx, "王海"), NOW, typed)
        assert isinstance(said, answer)
        assert "没有记录" in words(said)
        assert await log.entries(tx) == []


async def test_the_to_do_list_has_the_next_due_first_and_fits_one_message(office: Office) -> None:
    async with office.db.write() as tx:
        liu = await office.who(tx, "刘芳")
        for n in range(45):
            await task.add_todo(tx, liu, NOW, f"第{n}件 " + "很长的事" * 40)
        await task.add_todo(tx, liu, NOW, "11:00前报雨情")
        listed = await todo.listing(tx, liu, NOW + timedelta(hours=2))
        assert isinstance(listed, say.Todo)
        assert (listed.lines[0].overdue, listed.more) == (True, 16)
        assert "另有 16 项" in words(listed)


# --- roll call and drill -----------------------------------------------------------------------------------


async def _asked(office: Office, tx: Tx) -> say.RollCallAsked:
    opened = await rollcall.call_or_answer(tx, await office.who(tx, "区值班"), NOW, "")
    assert isinstance(opened, say.RollCallOpened)
    asked = await office.heard(tx, "刘芳", say.RollCallAsked)
    assert isinstance(asked, say.RollCallAsked)
    return asked


@pytest.mark.parametrize(("after", "outcome", "late"), [(MINUTE, "in_time", None), (8 * MINUTE, "late", 3)])
async def test_a_roll_call_is_answered_by_its_code(
    office: Office, after: timedelta, outcome: str, late: int | None
) -> None:
    async with office.db.write() as tx:
        asked = await _asked(office, tx)
        now = NOW + after
        answer = await rollcall.call_or_answer(tx, await office.who(tx, "刘芳"), now, asked.code)
        assert isinstance(answer, say.RollCallAnswered)
        result = await office.heard(tx, "区值班", say.RollCallResult)
        assert isinstance(result, say.RollCallResult)
        assert (result.outcome, result.answered_late) == (outcome, late)
        assert await office.fire(tx, NOW + timedelta(hours=1)) == []


async def test_a_wrong_or_missing_code_is_answered_with_the_right_form(office: Office) -> None:
    async with office.db.write() as tx:
        asked, liu = await _asked(office, tx), await office.who(tx, "刘芳")
        wrong = "1234" if asked.code != "1234" else "4321"
        assert f"口令「{wrong}」不对" in words(await rollcall.call_or_answer(tx, liu, NOW, wrong))
        assert "正在等您应答" in words(await rollcall.call_or_answer(tx, liu, NOW, ""))
        result = await office.heard(tx, "区值班", say.RollCallResult)
        assert isinstance(result, say.RollCallResult)
        assert result.outcome == "wrong"
        right = await rollcall.call_or_answer(tx, liu, NOW, asked.code)
        assert isinstance(right, say.RollCallAnswered)


async def test_a_silent_officer_is_told_of_to_the_asker(office: Office) -> None:
    async with office.db.write() as tx:
        await _asked(office, tx)
        again = await rollcall.call_or_answer(tx, await office.who(tx, "王海"), NOW + MINUTE, "")
        assert isinstance(again, say.RollCallOpened)
        assert again.already
        assert await office.fire(tx, NOW + 5 * MINUTE) == ["rollcall.due"]
        assert "未在时限内应答" in words(await office.heard(tx, "区值班", say.RollCallResult))
        liu = await office.who(tx, "刘芳")
        later = await rollcall.call_or_answer(tx, liu, NOW + timedelta(days=2), "1234")
        assert isinstance(later, base.NothingOpen)


async def test_a_drill_is_told_and_changes_only_once(office: Office) -> None:
    async with office.db.write() as tx:
        zhao = await office.who(tx, "赵敏")
        began = await drill.switch(tx, zhao, NOW, "开")
        assert "【演练】已开始" in words(began)
        assert await office.told(tx, "刘芳") == await office.told(tx, "王海") == ["room.drill_state"]
        assert "正在进行" in words(await drill.switch(tx, zhao, NOW, "on"))
        assert isinstance(await drill.switch(tx, zhao, NOW, "明天"), base.WrongForm)
        assert "演练已结束" in words(await drill.switch(tx, zhao, NOW, "off"))
        assert "现在没有演练" in words(await drill.switch(tx, zhao, NOW, ""))


# --- obligations and figures -------------------------------------------------------------------------------


async def test_an_obligation_of_each_village_counts_villages(office: Office) -> None:
    async with office.db.write() as tx:
        liu = await office.who(tx, "刘芳")
        assert isinstance(await obligation.done(tx, liu, NOW, "完成 O-02 会议纪要"), say.ObligationVillage)
        await obligation.done(tx, liu, NOW, "完成 o2 东沽村 纪要")
        done = await obligation.done(tx, liu, NOW, "完成 O-02 东沽村补充纪要")
        assert "本期已完成 1/2 村" in words(done)
        one = await obligation.done(tx, liu, NOW, "完成 O-01 纪要第7期")
        assert isinstance(one, say.ObligationDone)
        assert (one.line.period, one.line.done) == ("2026Q3", 1)
        listed = await obligation.listing(tx, liu, NOW)
        assert isinstance(listed, say.Obligations)
        assert "O-02" in [line.number for line in listed.open]
        assert [line.number for line in listed.done] == ["O-01"]
        assert {line.number for line in listed.unset} == {"O-11", "O-17", "O-51"}
        assert "2026Q3 还剩 67 天） 1/2 村 未完成" in words(listed)
        later = await obligation.listing(tx, liu, NOW + timedelta(days=90))
        assert isinstance(later, say.Obligations)
        assert later.done == ()


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("完成 O-11 记录", base.WrongForm),
        ("完成 O-99 记录", base.NotFound),
        ("完成 O-01", base.WrongForm),
        ("什么", base.WrongForm),
    ],
)
async def test_an_obligation_that_cannot_be_met_is_refused(
    office: Office, typed: str, answer: type[Notice]
) -> None:
    async with office.db.write() as tx:
        assert isinstance(await obligation.done(tx, await office.who(tx, "刘芳"), NOW, typed), answer)
        assert await log.entries(tx) == []


async def _warning(office: Office, tx: Tx, *, drilled: bool = False) -> int:
    by = office.ids["刘芳"]
    key = await bulletin.add(
        tx, raw="暴雨红色预警 <原文>", reading={}, action="new", received_at=NOW, drill=drilled, by_id=by,
        hazard="暴雨", colour="红",
    )  # fmt: skip
    await bulletin.move(tx, key, "draft", "live", dispatched_at=NOW)
    await log.append(tx, NOW, by, "bulletin.received", f"W{key}", "暴雨")
    await log.append(tx, NOW, by, "duty.log", "", "其间别的事")
    await callout.open_cascade(tx, key, ["village"], None, "2026-07-25")
    await callout.delivered(tx, NOW, key, [office.ids["李强"]])
    contact = (await callout.of_bulletin(tx, key))[0]
    await callout.acknowledge_all(tx, NOW + 2 * MINUTE, "press", {contact.id: office.ids["李强"]})
    await log.append(tx, NOW + 2 * MINUTE, office.ids["李强"], "callout.acked", f"W{key}", "东沽村")
    return key


async def test_figures_leave_exercises_out(office: Office) -> None:
    async with office.db.write() as tx:
        await _warning(office, tx)
        await _warning(office, tx, drilled=True)
        await roster.add_shift(tx, Post.OFFICER, office.ids["刘芳"], NOW, NOW + timedelta(hours=24))
        wang = await office.who(tx, "王海")
        found = await stats.month(tx, wang, NOW, "")
        assert isinstance(found, say.Stats)
        assert (found.warnings, found.contacts, found.in_time, found.p95) == (1, 1, 1, 120)
        assert "100.0%（1/1）" in words(found)
        assert "刘芳 1" in words(found)
        empty = await stats.month(tx, wang, NOW, "2026-06")
        assert isinstance(empty, say.Stats)
        assert empty.warnings == 0
        assert "没有数据" in words(empty)
        assert isinstance(await stats.month(tx, wang, NOW, "2026-13"), base.WrongForm)


# --- evidence, rules, audit, export ------------------------------------------------------------------------


async def test_the_evidence_proves_itself_and_shows_tampering(office: Office, tmp_path: Path) -> None:
    async with office.db.write() as tx:
        key = await _warning(office, tx)
        packed = await evidence.pack(tx, await office.who(tx, "刘芳"), NOW, f"w{key}")
    assert isinstance(packed, say.Evidence)
    assert [link.act for link in packed.chain] == ["bulletin.received", "duty.log", "callout.acked"]
    assert [row.act for row in packed.timeline] == ["bulletin.received", "callout.acked"]
    assert "日志链校验通过" in words(packed)
    with zipfile.ZipFile(io.BytesIO(room_files.evidence(packed, ZONE).make())) as archive:
        archive.extractall(tmp_path)
        assert {"README.txt", "timeline.xlsx", "叫应记录.xlsx", "log.jsonl", "verify.py"} <= set(
            archive.namelist()
        )
    assert (tmp_path / "原文.txt").read_text("utf-8") == "暴雨红色预警 <原文>"
    assert _verify(tmp_path).startswith("通过：3 条")
    chain = tmp_path / "log.jsonl"
    whole = chain.read_text("utf-8")
    chain.write_text(whole.replace("其间别的事", "其间没有事"), "utf-8")
    assert _verify(tmp_path).startswith("不通过：第 2 条")
    chain.write_text("\n".join(whole.splitlines()[::2]), "utf-8")
    assert _verify(tmp_path).startswith("不通过：第 2 条")


def _verify(folder: Path) -> str:
    ran = subprocess.run(  # noqa: S603 - our own program, our own folder
        [sys.executable, "-X", "utf8", "-I", str(folder / "verify.py")],
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    return ran.stdout


async def test_the_evidence_of_an_incident_has_its_reports_verbatim(office: Office) -> None:
    async with office.db.write() as tx:
        liu = await office.who(tx, "刘芳")
        key = await incident.add(
            tx, raw="3号楼<着火>", reading={}, direct=False, urgent=False, drill=True, state="open",
            by_id=liu.id, received_at=NOW,
        )  # fmt: skip
        await log.append(tx, NOW, liu.id, "incident.received", f"E{key}", "3号楼")
        report = await incident.add_report(tx, NOW, key, "first", "3号楼<着火>", {}, "sent", liu.id)
        figure = {"value": 2, "low": None, "high": None, "text": "两人受伤"}
        await incident.add_figure(tx, NOW, report, liu.id, "injured", figure)
        packed = await evidence.pack(tx, liu, NOW, f"E{key}")
        assert isinstance(await evidence.pack(tx, liu, NOW, "E99"), base.NotFound)
        assert isinstance(await evidence.pack(tx, liu, NOW, "7"), base.WrongForm)
    assert "【演练】" in words(packed)
    with zipfile.ZipFile(io.BytesIO(room_files.evidence(packed, ZONE).make())) as archive:
        written = archive.read("报告-01-首报.txt").decode()
        assert "figures.xlsx" in archive.namelist()
        assert "数字的沿革" in archive.read("README.txt").decode()
    assert "3号楼<着火>" in written
    assert "撰写：刘芳" in written


async def test_rules_are_changed_with_a_version_and_undone_step_by_step(office: Office) -> None:
    async def says(text: str) -> Notice:
        async with office.db.write() as tx:
            return await rule.read_or_change(tx, await office.who(tx, "赵敏"), NOW, text)

    changed = await says("misc.rollcall 10分钟 因为 试行")
    assert "misc.rollcall 5m → 10m（第 1 版，10:00:00） 理由：试行" in words(changed)
    await says("handover.prompts 20m\uff0c0s")
    await says("misc.rollcall 15m")
    async with office.db.read() as tx:
        assert tx.rules.misc.rollcall == 15 * MINUTE
        assert tx.rules.handover.prompts == (20 * MINUTE, timedelta())
    shown = words(await says("misc.rollcall"))
    assert "misc.rollcall = 15m（出厂 5m）" in shown
    assert "第 1 版 10:00 赵敏：10m" in shown
    assert "misc.rollcall 15m → 10m" in words(await says("撤销"))
    assert "handover.prompts 20m,0s → 30m,10m,0s" in words(await says("撤销"))
    assert "misc.rollcall 10m → 5m" in words(await says("撤销"))
    assert isinstance(await says("撤销"), base.WrongForm)
    async with office.db.read() as tx:
        assert flat(tx.rules) == flat(load_rules())


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("", "设置 callout.red 红色阶梯（5 项）"),
        ("callout.red", "callout.red.tell_leader = 5m"),
        ("report.urgent", "较大以上"),
        ("misc.rolcall", "设置 misc.rollcall"),
        ("misc.rollcall 很久", "设置 misc.rollcall 5m"),
        ("misc.sends_per_second 0", "不能小于 1"),
        ("misc.rollcall 5m", "没有改动"),
        ("misc.rollcall 默认", "5m → 5m"),
        ("roster.changeover", "= 08:30（出厂 08:30） 交接班时刻"),
    ],
)
async def test_settings_answer_every_form(office: Office, typed: str, part: str) -> None:
    async with office.db.write() as tx:
        assert part in words(await rule.read_or_change(tx, await office.who(tx, "赵敏"), NOW, typed))
        forbidden = await rule.read_or_change(tx, await office.who(tx, "王海"), NOW, typed)
        assert isinstance(forbidden, base.NotAllowed)


async def test_the_audit_fits_one_message_and_says_whether_the_chain_is_whole(office: Office) -> None:
    async with office.db.write() as tx:
        zhao = await office.who(tx, "赵敏")
        for n in range(120):
            await log.append(tx, NOW, zhao.id, "duty.log", f"W{n}", "很长的内容" * 30)
        found = await audit.newest(tx, zhao, NOW, "100")
        assert isinstance(found, say.Audit)
        assert len(found.lines) + found.more == 100
        assert (found.count, found.lines[0].seq) == (120, 120)
        shown = words(found)
        assert "日志链完整：120 条" in shown
        assert "值班记录 W119" in shown
        assert isinstance(await audit.newest(tx, zhao, NOW, "0"), base.WrongForm)
        assert isinstance(await audit.newest(tx, zhao, NOW, "二十"), base.WrongForm)
        short = await audit.newest(tx, zhao, NOW, "")
        assert isinstance(short, say.Audit)
        assert len(short.lines) == 20


async def test_the_export_has_a_sheet_of_everything(office: Office) -> None:
    async with office.db.write() as tx:
        await roster.add_shift(tx, Post.OFFICER, office.ids["刘芳"], NOW, NOW + timedelta(hours=24))
        await dutylog.write(tx, await office.who(tx, "刘芳"), NOW, "=1+1")
        found = await export.everything(tx, await office.who(tx, "赵敏"), NOW)
        assert isinstance(await export.everything(tx, await office.who(tx, "王海"), NOW), base.NotAllowed)
    assert isinstance(found, say.Export)
    assert (found.people, found.units, found.shifts, found.entries) == (5, 2, 1, 1)
    assert "含电话号码" in words(found)
    made = room_files.export(found, ZONE)
    assert made.name == "值班室导出-20260725-1000.zip"
    with zipfile.ZipFile(io.BytesIO(made.make())) as archive:
        assert archive.namelist() == ["人员.xlsx", "单位.xlsx", "值班表.xlsx", "日志.xlsx"]


async def test_every_answer_survives_the_outbox(office: Office) -> None:
    async with office.db.write() as tx:
        key = await _warning(office, tx)
        packed = await evidence.pack(tx, await office.who(tx, "刘芳"), NOW, f"W{key}")
        await outbox.say(tx, NOW, packed, person=office.ids["刘芳"])
        assert await office.heard(tx, "刘芳", say.Evidence) == packed


async def test_a_setting_counts_at_once_for_the_next_word_of_the_same_batch(office: Office) -> None:
    async with office.db.write() as tx:
        zhao = await office.who(tx, "赵敏")
        await rule.read_or_change(tx, zhao, NOW, "misc.rollcall 9m")
        assert "misc.rollcall 9m → 8m" in words(await rule.read_or_change(tx, zhao, NOW, "misc.rollcall 8m"))
        assert "misc.rollcall 8m → 9m" in words(await rule.read_or_change(tx, zhao, NOW, "撤销"))
