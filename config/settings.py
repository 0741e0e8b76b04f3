"""Settings of the process: environment variables `DUTYROOM_*`, a `.env` file, or credentials handed over by systemd."""

import os
import re
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

EXAMPLES = {
    "telegram_token": "123456:ABC-DEF（向 @BotFather 申请）",
    "telegram_api": "https://api.telegram.org",
    "data": "./data",
    "database_url": "sqlite+aiosqlite:///./data/dutyroom.sqlite3",
    "web_bind": "127.0.0.1:8800",
    "web_url": "https://zhiban.example.com",
    "timezone": "Asia/Shanghai",
    "rules": "./rules.toml",
    "heartbeat_url": "https://hc.example.com/ping/0f3a…",
    "log_file": "./data/logs/dutyroom.log",
    "converter": "/usr/bin/soffice（“-”表示不转 PDF）",
}


class SettingError(Exception):
    """A setting is missing or wrong; the text is one line naming it and an example."""


class Settings(BaseSettings):
    """What the process is told from outside; rules of duty live in config/rules.py."""

    model_config = SettingsConfigDict(
        env_prefix="DUTYROOM_", env_file=".env", env_ignore_empty=True, extra="ignore"
    )

    telegram_token: SecretStr | None = None
    telegram_api: str = "https://api.telegram.org"
    data: Path = Path("./data")
    database_url: str = ""
    web_bind: str = "127.0.0.1:8800"
    web_url: str = ""
    timezone: str = "Asia/Shanghai"
    rules: Path | None = None
    heartbeat_url: SecretStr | None = None
    """Asked for each minute while all is well; its absence is the alarm of whoever watches there."""
    log_file: Path | None = None
    """Where log lines go instead of standard error; kept small by rotation."""
    converter: str = ""
    """The program that makes a PDF of a Word file: "" looks for LibreOffice, "-" makes none."""

    @field_validator("telegram_api")
    @classmethod
    def _api_base(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("应以 http:// 或 https:// 开头")
        return value.rstrip("/").removesuffix("/bot")

    @field_validator("telegram_token")
    @classmethod
    def _token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None or not value.get_secret_value().strip():
            return None
        number, _, secret = value.get_secret_value().strip().partition(":")
        if not (number.isdigit() and secret):
            raise ValueError("应为 数字:字母串")
        return SecretStr(value.get_secret_value().strip())

    @field_validator("heartbeat_url")
    @classmethod
    def _heartbeat(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch(r"https?://[^\s/]+(/\S*)?", value.get_secret_value()):
            raise ValueError("应以 http:// 或 https:// 开头")
        return value

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError("没有这个时区") from error
        return value

    @field_validator("web_bind")
    @classmethod
    def _bind(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if not host or not port.isdigit() or not 0 <= int(port) <= 65535:  # noqa: PLR2004 - the range of ports
            raise ValueError("应为 主机:端口")
        return value

    @field_validator("web_url")
    @classmethod
    def _web_url(cls, value: str) -> str:
        if value and not re.fullmatch(
            r"https?://[\w.-]+(:\d{1,5})?(/[\w./~-]*)?|https?://\[[\da-f:]+\](:\d{1,5})?/?", value
        ):
            raise ValueError("应以 http:// 或 https:// 开头，后面是主机名，可带端口和路径")
        return value.rstrip("/")

    @field_validator("rules")
    @classmethod
    def _rules_file(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_file():
            raise ValueError("没有这个文件")
        return value

    @property
    def zone(self) -> ZoneInfo:
        """The room's zone, for display and calendar rules only."""
        return ZoneInfo(self.timezone)

    @property
    def url(self) -> str:
        """The database's URL: as set, else SQLite in the data folder."""
        return self.database_url or f"sqlite+aiosqlite:///{(self.data / 'dutyroom.sqlite3').as_posix()}"

    @property
    def web_base(self) -> str:
        """Under which address people reach the pages: as set, else where they listen."""
        return self.web_url or f"http://{self.web_bind}"

    @property
    def web_address(self) -> tuple[str, int]:
        """Host and port of the pages."""
        host, _, port = self.web_bind.rpartition(":")
        return host.strip("[]"), int(port)


def load_settings(**given: object) -> Settings:
    """Return the settings; raise SettingError with one line naming the first wrong one and an example."""
    credentials = os.environ.get(
        "CREDENTIALS_DIRECTORY"
    )  # systemd's LoadCredential=dutyroom_telegram_token:FILE
    try:
        return Settings(_secrets_dir=credentials, **given)  # type: ignore[arg-type]  # pydantic validates what is given
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "?"
        why = str(first["msg"]).removeprefix("Value error, ")
        raise SettingError(setting_line(name, why)) from error


def setting_line(name: str, why: str) -> str:
    """Return the one line that names a wrong setting and shows the right form."""
    return (
        f"设置 DUTYROOM_{name.upper()} 不对：{why}。例如：DUTYROOM_{name.upper()}={EXAMPLES.get(name, '…')}"
    )
