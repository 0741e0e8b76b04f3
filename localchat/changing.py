"""The Bot API's methods on messages that exist: edit, delete, and the answer to a press."""

from dataclasses import asdict

from .errors import bad_request
from .markup import read_inline
from .params import Params
from .records import Answer, Json, Kept
from .sending import Files, chat_param, read_caption, read_text
from .world import World

ANSWER_LIFE_S = 150.0
_LONGEST_ANSWER = 200
_DELETABLE_S = 48 * 3600
_SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)


def edit_text(world: World, params: Params, _files: Files) -> Json:
    """Answer editMessageText."""
    kept = _own(world, params)
    if "text" not in kept.body:
        raise bad_request("there is no text in the message to edit")
    return _change(world, params, kept, read_text(params), ("text", "entities"))


def edit_caption(world: World, params: Params, _files: Files) -> Json:
    """Answer editMessageCaption."""
    kept = _own(world, params)
    if not {"document", "photo", "voice"} & kept.body.keys():
        raise bad_request("there is no caption in the message to edit")
    return _change(world, params, kept, read_caption(params), ("caption", "caption_entities"))


def edit_markup(world: World, params: Params, _files: Files) -> Json:
    """Answer editMessageReplyMarkup."""
    return _change(world, params, _own(world, params), {}, ())


def delete(world: World, params: Params, _files: Files) -> bool:
    """Answer deleteMessage."""
    chat_id = chat_param(params)
    world.writable(chat_id)
    kept = world.chats.get(chat_id, {}).get(params.integer("message_id"))
    if kept is None:
        raise bad_request("message to delete not found")
    others = kept.body["from"]["id"] != world.bot_id
    if (others and chat_id < 0 and world.groups[chat_id].bot != "administrator") or (
        world.now() - kept.body["date"] > _DELETABLE_S
    ):
        raise bad_request("message can't be deleted for everyone")
    world.drop_message(chat_id, int(kept.body["message_id"]))
    return True


def answer_query(world: World, params: Params, _files: Files) -> bool:
    """Answer answerCallbackQuery: once, and within 150 s of the press."""
    query = world.queries.get(params.text("callback_query_id"))
    if query is None or query.answered or world.clock() - query.at > ANSWER_LIFE_S:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if len(params.text("text")) > _LONGEST_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    query.answered = True
    world.save("query", query.id, asdict(query))
    answer = Answer(params.text("text"), params.flag("show_alert"), params.text("url"))
    world.answers[query.id] = answer
    world.save("answer", query.id, asdict(answer))
    world.tell("answer", query.chat_id, query_id=query.id, account_id=query.account_id, **asdict(answer))
    return True


def _own(world: World, params: Params) -> Kept:
    chat_id = chat_param(params)
    world.writable(chat_id)
    if not params.integer("message_id"):
        raise bad_request("message identifier is not specified")
    kept = world.chats.get(chat_id, {}).get(params.integer("message_id"))
    if kept is None:
        raise bad_request("message to edit not found")
    if kept.body["from"]["id"] != world.bot_id:
        raise bad_request("message can't be edited")
    return kept


def _change(world: World, params: Params, kept: Kept, fields: Json, names: tuple[str, ...]) -> Json:
    markup = read_inline(params)
    new = fields | ({"reply_markup": markup} if markup else {})
    old = {name: kept.body[name] for name in (*names, "reply_markup") if name in kept.body}
    if new == old:
        raise bad_request(_SAME)
    changed = bool(names) and {n: new.get(n) for n in names} != {n: old.get(n) for n in names}
    head = {key: value for key, value in kept.body.items() if key not in old}
    body = head | new | {"edit_date": world.now()}
    chat_id = int(body["chat"]["id"])
    world.keep_message(chat_id, Kept(body, markup, kept.edited or changed))
    world.tell("edit", chat_id, message_id=body["message_id"])
    return body
