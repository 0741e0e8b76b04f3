"""Rosters are solved in a child process: the solver's memory and its half a minute are not the duty room's."""

import json
import logging
from pathlib import Path

from pydantic import TypeAdapter

from actions import generation
from bot import child
from bot.clock import Clock
from domain.roster_problem import Plan, Rules, Slot, Unmet, Worker
from storage import draft
from storage.database import Database

logger = logging.getLogger(__name__)

HOUSE = Path(__file__).parents[1]
SECONDS = 60
"""What the solver may take; a month takes about one second, a year about seven."""
LIMIT = SECONDS * 3.0
ASKED = TypeAdapter(tuple[tuple[Slot, ...], tuple[Worker, ...], Rules])


class NotSolved(Exception):
    """The child ended without a roster; the text is a short Chinese sentence."""


async def solve(slots: tuple[Slot, ...], workers: tuple[Worker, ...], rules: Rules) -> Plan:
    """Return the solver's roster; raise NotSolved."""
    if not slots:
        raise NotSolved("这段时间班制里没有要排的班，请先看：班制")
    args = ("-m", "bot.generation_child", str(SECONDS))
    asked = ASKED.dump_json((slots, workers, rules))
    try:
        code, said, trouble = await child.run(args, asked, LIMIT, cwd=HOUSE, hear=True)
    except TimeoutError as error:
        raise NotSolved("规定时间内没有排完，请缩短时间段再排") from error
    if code != 0:
        logger.error("the solver ended with %s: %s", code, trouble.decode()[-2000:])
        raise NotSolved("排班程序出错，管理员可查日志")
    return read_plan(json.loads(said))


def read_plan(said: dict[str, list[list[object]]]) -> Plan:
    """Return the plan that the child wrote (without the counts of people, which are lists there)."""
    return TypeAdapter(Plan).validate_python(
        {
            **said,
            "unmet": [TypeAdapter(Unmet).validate_python(u) for u in said["unmet"]],
            "counts": {(person, post): served for person, post, served in said["counts"]},
        }
    )


async def make(db: Database, clock: Clock, draft_id: int) -> None:
    """Solve one request and keep what came out; whatever happens, whoever asked hears of it."""
    async with db.read() as tx:
        kept = await draft.by_id(tx, draft_id)
        if kept is None or kept.data is None:
            return
        first, last = generation.span_of(kept.data)
        asked = await generation.problem(tx, clock.now(), first, last)
    try:
        plan = await solve(asked.slots, asked.workers, asked.rules)
    except NotSolved as error:
        async with db.write() as tx:
            await generation.failed(tx, clock.now(), draft_id, str(error))
        return
    async with db.write() as tx:
        await generation.solved(tx, clock.now(), draft_id, asked, plan)
