"""Reply markup: what the Bot API takes as keyboards and how it refuses the rest."""

from .errors import bad_request
from .html_text import linkable
from .params import Params
from .records import Json

_ACTIONS = (
    "callback_data", "url", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay",
)  # fmt: skip
_MOST_BUTTONS = 100
_MOST_DATA_BYTES = 64


def read_markup(params: Params) -> Json | None:
    """Return the request's reply_markup, checked; None when there is none."""
    markup = params.mapping("reply_markup")
    if not markup:
        return None
    if "inline_keyboard" in markup:
        return {"inline_keyboard": _rows(markup["inline_keyboard"])}
    if "keyboard" in markup:
        return markup | {"keyboard": [[_reply_button(b) for b in row] for row in markup["keyboard"]]}
    if markup.get("remove_keyboard") or markup.get("force_reply"):
        return markup
    return None


def read_inline(params: Params) -> Json | None:
    """Return the inline keyboard of an edit; 400 for any other markup."""
    markup = read_markup(params)
    if markup is not None and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    return markup if markup and markup["inline_keyboard"] else None


def _rows(value: object) -> list[list[Json]]:
    if not isinstance(value, list) or not all(isinstance(row, list) for row in value):
        raise bad_request('can\'t parse inline keyboard: Field "inline_keyboard" must be an Array of Arrays')
    rows = [[_inline_button(button) for button in row] for row in value if row]
    if sum(map(len, rows)) > _MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    return rows


def _inline_button(button: object) -> Json:
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    if not button.get("text"):
        raise bad_request("inline keyboard button text must be non-empty")
    if not any(action in button for action in _ACTIONS):
        reason = "Text buttons are unallowed in the inline keyboard"
        raise bad_request(f"can't parse inline keyboard button: {reason}")
    if "callback_data" in button and not 0 < len(str(button["callback_data"]).encode()) <= _MOST_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in button and not linkable(str(button["url"])):
        raise bad_request(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
    return dict(button)


def _reply_button(button: object) -> Json:
    if isinstance(button, str):
        button = {"text": button}
    if not isinstance(button, dict) or not button.get("text"):
        raise bad_request("keyboard button text must be non-empty")
    return dict(button)
