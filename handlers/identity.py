"""What links are made of: the bot's own name, known once it has asked Telegram, and the pages' address."""

_known: dict[str, str] = {}


def set_bot_name(name: str) -> None:
    """Remember the bot's user name."""
    _known["name"] = name


def bot_name() -> str:
    """Return the bot's user name, or a placeholder before it is known."""
    return _known.get("name", "bot")


def set_web_url(url: str) -> None:
    """Remember under which address people reach the pages (no slash at its end)."""
    _known["web"] = url


def web_url() -> str:
    """Return the pages' address; raises KeyError before the process has set it."""
    return _known["web"]
