"""A missing or wrong setting: one line that names it and shows an example, exit 2, no traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.settings import Settings

ROOT = Path(__file__).parents[2]
GOOD = {"DUTYROOM_TELEGRAM_TOKEN": "123456:local-token"}


def run(folder: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the real process in a folder without a .env file."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("DUTYROOM_")}
    environment = kept | {"PYTHONPATH": str(ROOT), "DUTYROOM_DATA": str(folder / "data")} | settings
    return subprocess.run(  # noqa: S603 - our own process
        [sys.executable, "-m", "bot", *words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


@pytest.mark.parametrize(
    ("command", "settings", "named"),
    [
        ("run", {}, "DUTYROOM_TELEGRAM_TOKEN"),
        ("run", {"DUTYROOM_TELEGRAM_TOKEN": "not a token"}, "DUTYROOM_TELEGRAM_TOKEN"),
        ("run", GOOD | {"DUTYROOM_WEB_BIND": "8800"}, "DUTYROOM_WEB_BIND"),
        ("run", GOOD | {"DUTYROOM_WEB_URL": "zhiban.example.com"}, "DUTYROOM_WEB_URL"),
        ("verify", {"DUTYROOM_WEB_URL": "https://user@host/?x"}, "DUTYROOM_WEB_URL"),
        ("run", GOOD | {"DUTYROOM_TELEGRAM_API": "api.telegram.org"}, "DUTYROOM_TELEGRAM_API"),
        ("verify", {"DUTYROOM_TIMEZONE": "Asia/Gushui"}, "DUTYROOM_TIMEZONE"),
        ("verify", {"DUTYROOM_RULES": "nowhere.toml"}, "DUTYROOM_RULES"),
        ("verify", {"DUTYROOM_DATABASE_URL": "a database"}, "DUTYROOM_DATABASE_URL"),
        ("verify", {"DUTYROOM_DATA": "/dev/null/data"}, "DUTYROOM_DATA"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(
    tmp_path: Path, command: str, settings: dict[str, str], named: str
) -> None:
    done = run(tmp_path, command, **settings)
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert named in done.stderr
    assert "例如" in done.stderr


def test_pages_listen_on_this_machine_only_unless_told_otherwise() -> None:
    assert Settings(_env_file=None).web_bind.startswith("127.0.0.1:")


def test_a_wrong_rule_names_its_key_and_the_right_form(tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_text('[callout.red]\nremind = "soon"\n', "utf-8")
    done = run(tmp_path, "verify", DUTYROOM_RULES="rules.toml")
    assert done.returncode == 2
    assert "callout.red.remind" in done.stderr
    assert "45s、10m、2h" in done.stderr
