"""The bot's own name, known once it has asked Telegram; used in invitation links."""

_known: dict[str, str] = {}


def set_bot_name(name: str) -> None:
    """Remember the bot's user name."""
    _known["name"] = name


def bot_name() -> str:
    """Return the bot's user name, or a placeholder before it is known."""
    return _known.get("name", "bot")
