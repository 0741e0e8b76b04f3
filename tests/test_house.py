"""The house keeps its own rules: layers, names, one schema, one clock, one place for words, every command."""

import ast
import importlib.metadata
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from domain.people import Role
from handlers.all_features import LOADED
from handlers.desk import COMMANDS
from storage.database import Database
from storage.migrate import HEAD, alembic_config, migrate
from storage.schema import metadata

ROOT = Path(__file__).parents[1]
FOLDERS = ("bot", "handlers", "web", "actions", "messages", "storage", "domain", "config", "localchat")


def texts(*folders: str) -> Iterator[tuple[str, str]]:
    """Return the text of every source file of some folders, by its path within the repository."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), path.read_text("utf-8")


def sources(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """Return every source file of some folders as it is parsed."""
    for path, text in texts(*folders):
        yield path, ast.parse(text)


def test_no_installed_distribution_ships_a_name_of_ours() -> None:
    installed = importlib.metadata.packages_distributions()
    assert {name: installed[name] for name in (*FOLDERS, "tests", "bench") if name in installed} == {}


def test_the_layers_hold() -> None:
    lint = subprocess.run(  # noqa: S603 - our own tool on our own files
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert lint.returncode == 0, lint.stdout[-3000:]


# --- one schema -------------------------------------------------------------------------------------------


def test_the_revision_we_migrate_to_is_the_newest_there_is() -> None:
    assert ScriptDirectory.from_config(alembic_config(None)).get_heads() == [HEAD]


@pytest.fixture
async def migrated(tmp_path: Path) -> Path:
    """Return a database built by the migrations."""
    path = tmp_path / "migrated.sqlite3"
    db = Database(f"sqlite+aiosqlite:///{path}", ZoneInfo("Asia/Shanghai"))
    assert await migrate(db, datetime(2026, 7, 25, tzinfo=UTC), tmp_path / "backups") == HEAD
    await db.close()
    return path


async def test_migrations_build_the_tables_that_the_program_uses(migrated: Path) -> None:
    engine = create_engine(f"sqlite:///{migrated}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


async def test_migrations_build_the_same_constraints_indexes_and_triggers(
    migrated: Path, tmp_path: Path
) -> None:
    made = tmp_path / "made.sqlite3"
    engine = create_engine(f"sqlite:///{made}")
    metadata.create_all(engine)
    engine.dispose()
    assert things(migrated) == things(made)
    assert {name for kind, name in things(made) if kind == "trigger"} == {
        *("log_no_update", "log_no_delete", "handovers_signed", "handovers_kept"),
        *("handover_items_signed", "handover_items_kept"),
        *("reports_sent", "reports_kept"),
    }


def things(path: Path) -> dict[tuple[str, str], list[str]]:
    """Return everything in a SQLite file with its parts in one order, Alembic's own table left out."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"
        ).fetchall()
    return {
        (kind, name): sorted(re.sub(r"[\s\"]+", " ", part).strip(" ,()") for part in sql.splitlines())
        for kind, name, sql in rows
        if name != "alembic_version"
    }


def test_every_exception_from_a_rule_says_why() -> None:
    silent = re.compile(r"# (noqa: [A-Z0-9, ]+|type: ignore\[[a-z, -]+\])$", re.MULTILINE)
    found = {path: silent.findall(text) for path, text in texts(*FOLDERS, "tests", "bench")}
    assert {path: rules for path, rules in found.items() if rules} == {}


NAMED_TEST = re.compile(r"(tests/[\w/]+\.py)(?:::(test_\w+))?")


def test_every_test_that_a_document_names_is_there() -> None:
    missing = []
    for document in [*sorted((ROOT / "docs").rglob("*.md")), *ROOT.glob("*.md")]:
        for path, name in NAMED_TEST.findall(document.read_text("utf-8")):
            text = (ROOT / path).read_text("utf-8") if (ROOT / path).exists() else ""
            if not text or (name and f"def {name}(" not in text):
                missing.append(f"{document.name}: {path}::{name}")
    assert missing == []


# --- one clock, one place for words -----------------------------------------------------------------------

CLOCKS = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "time": {"time", "monotonic", "perf_counter", "time_ns", "monotonic_ns", "localtime", "gmtime"},
}


def test_only_one_module_reads_a_clock() -> None:
    readers = {path for path, tree in sources(*FOLDERS) if any(map(reads_a_clock, ast.walk(tree)))}
    assert readers == {"bot/clock.py", "localchat/__main__.py"}, "the local chat is a process of its own"


def reads_a_clock(node: ast.AST) -> bool:
    """Return True for `datetime.now`, `time.monotonic` and the like, called or handed on, or imported by name."""
    if isinstance(node, ast.ImportFrom):
        return node.module == "time" and any(name.name in CLOCKS["time"] for name in node.names)
    if not isinstance(node, ast.Attribute):
        return False
    owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
    return node.attr in CLOCKS.get(str(owner), ())


CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
FORMS = {
    "handlers/desk.py": "the grammar: blanks, stops and slashes around a word",
    "handlers/answers.py": "the answers people type without a number",
    "handlers/fallback.py": "how a place, a card or a photo is kept",
    "handlers/people.py": "the reply keyboard's words, the twins that help shows, the word after a name",
    "handlers/record.py": "the word that goes back to the shipped template",
    "handlers/show.py": "the word before a number",
    "handlers/sheet.py": "the word before a reason",
}
"""Modules that read what people type: words may stand outside decorators there, but no sentence may."""
LONGEST_FORM = 14


def test_handlers_hold_no_chinese_but_the_words_of_commands_and_forms() -> None:
    found = {path: loose_words(tree) for path, tree in sources("handlers")}
    assert {path for path, loose in found.items() if loose} == FORMS.keys()
    chinese = [CHINESE.findall(text) for loose in found.values() for text in loose]
    assert max(map(len, chinese)) <= LONGEST_FORM


def loose_words(tree: ast.Module) -> list[str]:
    """Return the Chinese strings that stand in no decorator, no docstring and no form shown as the right one."""
    kept = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module):
            kept |= {inner for one in getattr(node, "decorator_list", []) for inner in ast.walk(one)}
            body = node.body[0] if node.body else None
        else:
            body = node if isinstance(node, ast.Expr) else None
        if isinstance(body, ast.Expr) and isinstance(body.value, ast.Constant):
            kept.add(body.value)
        if isinstance(node, ast.keyword) and node.arg in ("why", "example"):
            kept |= set(ast.walk(node))
    strings = (n for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str))
    return [str(n.value) for n in strings if n not in kept and CHINESE.search(str(n.value))]


# --- every command ----------------------------------------------------------------------------------------

OFF, L, A, S, D, C, R, V = (
    *(Role.OFFICER, Role.LEADER, Role.ADMIN, Role.SUPERIOR),
    *(Role.DEPUTY, Role.CONTACT, Role.REPORTER, Role.DRIVER),
)
ALL = frozenset(Role)
TABLE: tuple[tuple[str, str, frozenset[Role], frozenset[Role], str], ...] = (
    ("start", "开始", ALL, frozenset(), ""),
    ("help", "帮助", ALL, frozenset(), ""),
    ("duty", "值班", ALL, frozenset(), ""),
    ("roster", "值班表", ALL, frozenset(), ""),
    ("mine", "我的班", frozenset({OFF, L}), frozenset({D, V}), "everybody on the roster has shifts"),
    ("calendar", "日历", frozenset({OFF, L, A}), frozenset({D, V}), "everybody on the roster has shifts"),
    ("arrive", "到岗", frozenset({OFF, L}), frozenset({D, V}), "everybody on the roster arrives"),
    ("handover", "交班", frozenset({OFF}), frozenset({D}), "the deputy officer is an officer"),
    ("takeover", "接班", frozenset({OFF}), frozenset({D}), "the deputy officer is an officer"),
    ("log", "记录", frozenset({OFF, L}), frozenset({D}), "the deputy officer is an officer"),
    ("instruct", "批示", frozenset({L}), frozenset(), ""),
    ("todo", "待办", frozenset({OFF, L}), frozenset({D}), "the deputy officer is an officer"),
    (
        "swap",
        "调班",
        frozenset({OFF, L}),
        frozenset({D, V, A}),
        "everybody on the roster swaps, an admin for others",
    ),
    ("cover", "我来顶", frozenset({OFF, L}), frozenset({D, V}), "everybody on the roster covers"),
    ("warn", "预警", frozenset({OFF}), frozenset({D}), "the deputy officer is an officer"),
    ("warnings", "预警列表", frozenset({OFF, L}), frozenset({D, A, S}), "a list that changes nothing"),
    ("calls", "叫应名单", frozenset({OFF, D, L}), frozenset(), "whom to call, over all live warnings"),
    ("callrecord", "叫应记录", frozenset({OFF, D, L, A}), frozenset(), "how each contact answered"),
    ("report", "首报", frozenset({OFF, R}), frozenset({D, C, L}), "whoever sees it says it"),
    (
        "followup",
        "续报",
        frozenset({OFF}),
        frozenset({D, L}),
        "the deputy officer is an officer; a leader's words go to them",
    ),
    (
        "final",
        "终报",
        frozenset({OFF}),
        frozenset({D, L}),
        "the deputy officer is an officer; a leader's words go to them",
    ),
    (
        "flash",
        "快报",
        frozenset({OFF, D, L, A, S}),
        frozenset(),
        "the documents of reports; the superior's are sent ones",
    ),
    ("body", "正文", frozenset({OFF, D}), frozenset(), "the words of an unsent report"),
    (
        "supplement",
        "补报",
        frozenset({OFF}),
        frozenset({D}),
        "what comes after 终报; the deputy officer is one",
    ),
    ("reopen", "重开", frozenset({OFF}), frozenset({D}), "same"),
    ("incidents", "事件", frozenset({OFF, L}), frozenset({D, A, S}), "a list that changes nothing"),
    ("partners", "联动", frozenset({OFF, D, L}), frozenset(), "whoever leads the response"),
    ("reinforce", "申请增援", frozenset({OFF, D, L}), frozenset(), "whoever leads the response"),
    ("evacuate", "转移", frozenset({OFF, D, L}), frozenset(), "whoever leads the response"),
    ("back", "返回", frozenset({OFF, D, L}), frozenset(), "whoever leads the response"),
    ("onsite", "到场", frozenset({OFF, D, L}), frozenset({C, R, S}), "the people of a unit that was told"),
    ("timeline", "时间线", frozenset({OFF, D, L, A, S}), frozenset(), "reading"),
    ("rollcall", "点名", frozenset({L, A, S}), frozenset({OFF, D}), "the officers answer with the code"),
    ("drill", "演练", frozenset({A, L}), frozenset(), ""),
    ("tasks", "周期任务", frozenset({OFF, L, A}), frozenset({D}), "the deputy officer is an officer"),
    ("stats", "统计", frozenset({L, A}), frozenset(), ""),
    ("evidence", "台账", frozenset({OFF, L, A}), frozenset({D}), "the deputy officer is an officer"),
    ("invite", "邀请", frozenset({A}), frozenset(), ""),
    ("people", "人员", frozenset({A}), frozenset(), ""),
    ("units", "单位", frozenset({A}), frozenset(), ""),
    ("channels", "通道", frozenset({A}), frozenset(), ""),
    ("sources", "来源", frozenset({A}), frozenset(), ""),
    ("import", "导入", frozenset({A}), frozenset(), ""),
    ("export", "导出", frozenset({A}), frozenset(), ""),
    ("config", "设置", frozenset({A}), frozenset(), ""),
    ("audit", "审计", frozenset({A}), frozenset(), ""),
    ("health", "状态", frozenset({A}), frozenset(), ""),
    ("backup", "备份", frozenset({A}), frozenset(), ""),
    ("force", "强制交接", frozenset({L}), frozenset(), ""),
    ("leave", "请假", frozenset({OFF, L, D, V}), frozenset({A}), "an admin enters leave for others"),
    ("equipment", "设备", frozenset({OFF}), frozenset({D}), "the deputy officer is an officer"),
    ("generate", "排班", frozenset({A}), frozenset(), ""),
    ("daylog", "日志", frozenset({OFF, L}), frozenset({D, A}), "reading; the deputy officer is an officer"),
    (
        "record",
        "交接班记录",
        frozenset({OFF, L}),
        frozenset({D, A}),
        "reading; the deputy officer is an officer",
    ),
    ("template", "模板", frozenset({A}), frozenset(), ""),
    ("scheme", "班制", frozenset({A}), frozenset(), ""),
    ("nil", "零报告", frozenset({OFF}), frozenset({D}), "the deputy officer is an officer"),
)
"""Command, its word, whom the product's table names, who else may, and why."""


@pytest.mark.parametrize(("name", "word", "named", "others", "why"), TABLE, ids=[row[0] for row in TABLE])
def test_a_command_is_there_for_whom_it_is_meant(
    name: str, word: str, named: frozenset[Role], others: frozenset[Role], why: str
) -> None:
    assert LOADED
    assert COMMANDS[name].word == word
    assert set(COMMANDS[name].roles) == named | others, why
    assert COMMANDS[name].describe
    assert COMMANDS[name].example.startswith(word), "the example begins with the word to be typed"


def test_there_is_no_command_besides() -> None:
    assert COMMANDS.keys() == {row[0] for row in TABLE}
    assert len({c.word for c in COMMANDS.values()}) == len(COMMANDS)
    assert all(re.fullmatch(r"[a-z]{1,32}", name) for name in COMMANDS), (
        "Telegram's menu takes no other letters"
    )
