"""The Bot API's methods about the bot, its chats, its command menus and its files."""

import re

from .errors import bad_request
from .members import member
from .params import Params
from .records import Account, Json
from .sending import Files, chat_param
from .world import World

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LONGEST_DESCRIPTION = 256
_LARGEST_DOWNLOAD = 20 * 1024 * 1024
_ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)


def get_me(world: World, _params: Params, _files: Files) -> Json:
    """Answer getMe."""
    more = {
        "can_join_groups": True,
        "can_read_all_group_messages": world.reads_groups,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
    return world.bot_user() | more


def get_webhook_info(world: World, _params: Params, _files: Files) -> Json:
    """Answer getWebhookInfo: there is never a webhook here."""
    return {"url": "", "has_custom_certificate": False, "pending_update_count": world.updates.pending()}


def delete_webhook(world: World, params: Params, _files: Files) -> bool:
    """Answer deleteWebhook."""
    if params.flag("drop_pending_updates"):
        world.updates.clear()
    return True


def get_chat(world: World, params: Params, _files: Files) -> Json:
    """Answer getChat."""
    chat = world.find_chat(chat_param(params)).chat()
    gifts = [
        "unlimited_gifts",
        "limited_gifts",
        "unique_gifts",
        "premium_subscription",
        "gifts_from_channels",
    ]
    more = {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, False),
    }
    return chat | more


def get_chat_member(world: World, params: Params, _files: Files) -> Json:
    """Answer getChatMember."""
    chat = world.find_chat(chat_param(params))
    user_id = params.integer("user_id")
    if user_id == world.bot_id:
        return member(world.bot_user(), "member" if isinstance(chat, Account) else chat.bot)
    account = world.accounts.get(user_id)
    if account is None:
        raise bad_request("member not found")
    inside = chat.id == user_id if isinstance(chat, Account) else user_id in chat.members
    return member(account.user(), "member" if inside else "left")


def leave_chat(world: World, params: Params, _files: Files) -> bool:
    """Answer leaveChat."""
    chat_id = chat_param(params)
    if chat_id > 0:
        raise bad_request("chat not found" if chat_id not in world.accounts else "can't leave a private chat")
    world.writable(chat_id)
    group = world.groups[chat_id]
    body = {"chat": group.chat(), "from": world.bot_user(), "date": world.now()}
    change = {"old_chat_member": member(world.bot_user(), group.bot)}
    group.bot = "left"
    world.keep_group(group)
    world.updates.put("my_chat_member", body | change | {"new_chat_member": member(world.bot_user(), "left")})
    world.tell("people", chat_id)
    return True


def send_chat_action(world: World, params: Params, _files: Files) -> bool:
    """Answer sendChatAction."""
    chat_id = chat_param(params)
    world.writable(chat_id)
    if params.text("action") not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    world.tell("action", chat_id, action=params.text("action"))
    return True


def get_file(world: World, params: Params, _files: Files) -> Json:
    """Answer getFile."""
    if not params.text("file_id"):
        raise bad_request("file_id not specified")
    file = world.files.get(params.text("file_id"))
    if file is None:
        raise bad_request("invalid file_id")
    if len(file.data) > _LARGEST_DOWNLOAD:
        raise bad_request("file is too big")
    size = {"file_size": len(file.data), "file_path": file.path}
    return {"file_id": file.id, "file_unique_id": file.unique_id} | size


def set_commands(world: World, params: Params, _files: Files) -> bool:
    """Answer setMyCommands."""
    key = _menu(world, params)
    commands = [_command(command) for command in params.listing("commands") or []]
    if len(commands) > 100:  # noqa: PLR2004 - the Bot API's limit
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    world.commands[key] = commands
    world.save("commands", key, commands)
    world.tell("commands", 0)
    return True


def get_commands(world: World, params: Params, _files: Files) -> list[Json]:
    """Answer getMyCommands."""
    return world.commands.get(_menu(world, params), [])


def delete_commands(world: World, params: Params, _files: Files) -> bool:
    """Answer deleteMyCommands."""
    key = _menu(world, params)
    if world.commands.pop(key, None) is not None:
        world.save("commands", key, [])
        world.tell("commands", 0)
    return True


def _menu(world: World, params: Params) -> str:
    scope = params.mapping("scope") or {"type": "default"}
    kind = str(scope.get("type", ""))
    plain = {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}
    if kind in plain:
        return f"{kind}|{params.text('language_code')}"
    if kind not in {"chat", "chat_administrators", "chat_member"}:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    chat_id = chat_param(Params(scope))
    world.find_chat(chat_id)
    user = f":{scope.get('user_id')}" if kind == "chat_member" else ""
    return f"{kind}:{chat_id}{user}|{params.text('language_code')}"


def _command(value: object) -> Json:
    if not isinstance(value, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    name, description = str(value.get("command", "")).lstrip("/"), str(value.get("description", ""))
    if not _COMMAND.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 0 < len(description) <= _LONGEST_DESCRIPTION:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}
