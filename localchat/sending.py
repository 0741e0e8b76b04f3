"""The Bot API's send methods."""

import copy
from collections.abc import Callable

from .attachments import document_fields, document_of, photo_fields, photo_of, size_of, voice_fields, voice_of
from .entities import given_entities, stripped, utf16_len, with_found
from .errors import bad_request
from .html_text import parse_html
from .markup import read_markup
from .params import Params
from .people import quoted
from .records import Json, Kept, StoredFile
from .world import World

Files = dict[str, tuple[str, bytes]]
_LONGEST_TEXT = 4096
_LONGEST_CAPTION = 1024
_HEAVIEST_PHOTO = 10 * 1024 * 1024
_LARGEST_PHOTO = 10_000  # width and height together
_LONGEST_PHOTO = 20  # times its other side


def send_message(world: World, params: Params, _files: Files) -> Json:
    """Answer sendMessage."""
    chat_id = chat_param(params)
    return _send(world, chat_id, params, lambda: read_text(params))


def send_document(world: World, params: Params, files: Files) -> Json:
    """Answer sendDocument."""
    return _send_file(world, params, files, "document", keep=document_fields, again=document_of)


def send_photo(world: World, params: Params, files: Files) -> Json:
    """Answer sendPhoto."""

    def keep(world: World, name: str, data: bytes) -> Json:
        _check_photo(data)
        return photo_fields(world, name, data)

    return _send_file(world, params, files, "photo", keep=keep, again=photo_of)


def _check_photo(data: bytes) -> None:
    """Refuse what the Bot API takes as no photo: over 10 MB, too large, or too long for its width."""
    size = len(data)
    if size > _HEAVIEST_PHOTO:
        raise bad_request(
            f"file of size {size} bytes is too big for a photo; the maximum size is {_HEAVIEST_PHOTO} bytes"
        )
    width, height = size_of(data)
    if width + height > _LARGEST_PHOTO or max(width, height) > _LONGEST_PHOTO * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")


def send_voice(world: World, params: Params, files: Files) -> Json:
    """Answer sendVoice."""
    duration = params.integer("duration")

    def keep(world: World, name: str, data: bytes) -> Json:
        return voice_fields(world, name, data, duration)

    return _send_file(world, params, files, "voice", keep=keep, again=voice_of)


def send_location(world: World, params: Params, _files: Files) -> Json:
    """Answer sendLocation."""
    latitude, longitude = params.number("latitude"), params.number("longitude")
    if latitude is None or longitude is None:
        raise bad_request("location must be specified")
    fields = {"location": {"latitude": latitude, "longitude": longitude}}
    return _send(world, chat_param(params), params, lambda: fields)


def chat_param(params: Params) -> int:
    """Return the chat's id; 400 when it is empty or no number (a bot has no use for @names here)."""
    if not params.text("chat_id"):
        raise bad_request("chat_id is empty")
    chat_id = params.integer("chat_id")
    if not chat_id:
        raise bad_request("chat not found")
    return chat_id


def read_text(params: Params) -> Json:
    """Return `text` and `entities` of a request; 400 when empty, too long or broken."""
    text, entities = _styled(params, "text", "entities")
    if not text:
        raise bad_request("message text is empty")
    if utf16_len(text) > _LONGEST_TEXT:
        raise bad_request("message is too long")
    return {"text": text} | ({"entities": entities} if entities else {})


def read_caption(params: Params) -> Json:
    """Return `caption` and `caption_entities` of a request, nothing when empty; 400 when too long."""
    text, entities = _styled(params, "caption", "caption_entities")
    if utf16_len(text) > _LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    found: Json = {"caption": text} if text else {}
    return found | ({"caption_entities": entities} if entities else {})


def _styled(params: Params, name: str, entities_name: str) -> tuple[str, list[Json]]:
    text, mode = params.text(name), params.text("parse_mode").lower()
    if mode == "html":
        text, given = parse_html(text)
    elif mode:
        raise bad_request("unsupported parse_mode")
    else:
        given = given_entities(params.listing(entities_name) or [])
    text, given = stripped(text, given)
    return text, with_found(text, given)


def _send(world: World, chat_id: int, params: Params, content: Callable[[], Json]) -> Json:
    chat = world.writable(chat_id)
    fields = content()
    markup = read_markup(params)
    reply = _reply(world, chat_id, params)
    body = world.new_body(chat, world.bot_user()) | reply | copy.deepcopy(fields)
    if markup and markup.get("inline_keyboard"):
        body["reply_markup"] = markup
    elif markup and "inline_keyboard" not in markup:
        world.keep_keyboard(chat_id, None if markup.get("remove_keyboard") else markup)
    world.keep_message(chat_id, Kept(body, markup))
    world.tell("message", chat_id, message_id=body["message_id"], bot=True)
    return body


def _reply(world: World, chat_id: int, params: Params) -> Json:
    given = params.mapping("reply_parameters") or {}
    message_id = int(given.get("message_id") or params.integer("reply_to_message_id"))
    if not message_id:
        return {}
    kept = world.chats.get(chat_id, {}).get(message_id)
    if kept:
        return {"reply_to_message": quoted(kept.body)}
    if given.get("allow_sending_without_reply") or params.flag("allow_sending_without_reply"):
        return {}
    raise bad_request("message to be replied not found")


def _send_file(
    world: World,
    params: Params,
    files: Files,
    name: str,
    *,
    keep: Callable[[World, str, bytes], Json],
    again: Callable[[StoredFile], Json],
) -> Json:
    def content() -> Json:
        caption = read_caption(params)
        sent = _uploaded(params, files, name)
        if sent:
            return keep(world, *sent) | caption
        known = world.files.get(params.text(name))
        if known is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return again(known) | caption

    return _send(world, chat_param(params), params, content)


def _uploaded(params: Params, files: Files, name: str) -> tuple[str, bytes] | None:
    value = params.text(name)
    sent = files.get(value.removeprefix("attach://")) if value.startswith("attach://") else files.get(name)
    if sent is None and not value:
        raise bad_request(f"there is no {name} in the request")
    if sent and not sent[1]:
        raise bad_request("file must be non-empty")
    return sent
