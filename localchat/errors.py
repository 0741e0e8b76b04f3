"""What the Bot API answers instead of a result, and what a network does instead of answering."""

from typing import Any


class Refusal(Exception):
    """A refused request: HTTP status, the Bot API's description and its machine-readable parameters."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def reply(self) -> dict[str, Any]:
        """Return the JSON reply with which the Bot API refuses."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        return body | {"parameters": self.parameters} if self.parameters else body


class LostReply(Exception):
    """The request took effect, but its reply never arrives."""


class Outage(Exception):
    """Nothing was reached and nothing took effect."""


def bad_request(what: str) -> Refusal:
    """Return the 400 refusal whose description is `Bad Request: <what>`."""
    return Refusal(400, f"Bad Request: {what}")


def forbidden(what: str) -> Refusal:
    """Return the 403 refusal whose description is `Forbidden: <what>`."""
    return Refusal(403, f"Forbidden: {what}")


def too_many(retry_after: int) -> Refusal:
    """Return the 429 refusal that asks for a pause of `retry_after` whole seconds."""
    return Refusal(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)
