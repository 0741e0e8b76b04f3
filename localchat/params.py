"""Reads request parameters that come as JSON, as form strings, or already decoded."""

import json
from collections.abc import Mapping
from typing import cast

from .errors import bad_request
from .records import Json

_JSON_NAMES = frozenset(
    [
        "reply_markup",
        "entities",
        "caption_entities",
        "link_preview_options",
        "reply_parameters",
        "allowed_updates",
        "commands",
        "scope",
    ]
)


class Params:
    """One request's parameters; a parameter of the wrong shape is refused as the Bot API does."""

    def __init__(self, raw: Mapping[str, object]) -> None:
        self._raw = {name: value for name, value in raw.items() if value is not None}

    def has(self, name: str) -> bool:
        """Whether the parameter was given."""
        return name in self._raw

    def text(self, name: str) -> str:
        """Return a text, empty when not given."""
        value = self._raw.get(name, "")
        text = value if isinstance(value, str) else str(value)
        try:
            text.encode()
        except UnicodeEncodeError:
            raise bad_request("strings must be encoded in UTF-8") from None
        return text.replace("\r", "")

    def integer(self, name: str, default: int = 0) -> int:
        """Return a whole number, the default when absent or unreadable."""
        try:
            return int(str(self._raw.get(name, default)))
        except ValueError:
            return default

    def number(self, name: str) -> float | None:
        """Return a number, None when absent or unreadable."""
        try:
            return float(str(self._raw[name]))
        except (KeyError, ValueError):
            return None

    def flag(self, name: str) -> bool:
        """Return whether the parameter says yes."""
        return str(self._raw.get(name, "")).lower() in {"true", "yes", "1"}

    def decoded(self, name: str) -> object:
        """Return the JSON value of a parameter, None when absent or empty."""
        value = self._raw.get(name)
        if not isinstance(value, str):
            return value
        try:
            return cast("object", json.loads(value)) if value else None
        except ValueError:
            raise bad_request(f"can't parse {name} JSON object") from None

    def mapping(self, name: str) -> Json | None:
        """Return a JSON object, None when absent."""
        value = self.decoded(name)
        if value is None or isinstance(value, dict):
            return value
        raise bad_request(f"object expected as {name}")

    def listing(self, name: str) -> list[object] | None:
        """Return a JSON array, None when absent."""
        value = self.decoded(name)
        if value is None or isinstance(value, list):
            return value
        raise bad_request(f"array expected as {name}")


def readable(raw: Mapping[str, object]) -> Json:
    """Return the parameters with their JSON strings decoded where they decode."""
    return {name: _try_json(value) if name in _JSON_NAMES else value for name, value in raw.items()}


def _try_json(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return cast("object", json.loads(value))
    except ValueError:
        return value
