"""Files in messages: documents, photos, voices; and places and contacts people send."""

import mimetypes
import struct

from .entities import with_found
from .people import People
from .records import Json, StoredFile
from .world import World

_SQUARE = (800, 600)
_MEDIA: dict[str, tuple[str, Json]] = {
    "video": ("video/mp4", {"width": 640, "height": 480, "duration": 3}),
    "audio": ("audio/mpeg", {"duration": 3}),
    "video_note": ("video/mp4", {"length": 240, "duration": 3}),
    "animation": ("video/mp4", {"width": 320, "height": 240, "duration": 3}),
    "sticker": (
        "image/webp",
        {"width": 512, "height": 512, "type": "regular", "is_animated": False, "is_video": False},
    ),
}
"""Kinds of media, their type and what a Message says of them besides the file."""
_PNG = b"\x89PNG\r\n\x1a\n"


class Attaching(People):
    """What people send besides text; each returns the Message."""

    def post_document(
        self,
        account_id: int,
        filename: str,
        data: bytes,
        caption: str = "",
        chat_id: int | None = None,
        *,
        mime: str | None = None,
    ) -> Json:
        """Send a file."""
        fields = document_fields(self, filename, data, mime)
        return self._say(account_id, chat_id, None, fields | _caption(caption))

    def post_photo(
        self,
        account_id: int,
        data: bytes,
        caption: str = "",
        chat_id: int | None = None,
        *,
        album: str = "",
        reply_to: int | None = None,
    ) -> Json:
        """Send a picture, perhaps in reply to a message; pictures sent together have one `album`."""
        fields = photo_fields(self, "photo.jpg", data) | _caption(caption)
        return self._say(account_id, chat_id, reply_to, fields | ({"media_group_id": album} if album else {}))

    def post_media(self, account_id: int, kind: str, data: bytes, caption: str = "") -> Json:
        """Send a video, audio, video_note, animation or sticker to the bot; an animation is a document too."""
        file = self.keep_file(kind, f"{kind}.mp4", _MEDIA[kind][0], data)
        fields: Json = {kind: _file(file) | _MEDIA[kind][1]}
        if kind == "animation":
            fields |= document_of(file)
        return self._say(account_id, None, None, fields | _caption(caption))

    def post_voice(
        self, account_id: int, data: bytes = b"OggS", duration: int = 3, chat_id: int | None = None
    ) -> Json:
        """Send a voice message of `duration` seconds."""
        return self._say(account_id, chat_id, None, voice_fields(self, "voice.ogg", data, duration))

    def post_location(
        self, account_id: int, latitude: float, longitude: float, chat_id: int | None = None, title: str = ""
    ) -> Json:
        """Send a place, in degrees; with a `title` it is one picked from the map."""
        fields: Json = {"location": {"latitude": latitude, "longitude": longitude}}
        if title:
            fields["venue"] = {"location": fields["location"], "title": title, "address": ""}
        return self._say(account_id, chat_id, None, fields)

    def post_contact(
        self, account_id: int, phone: str, name: str, chat_id: int | None = None, user_id: int | None = None
    ) -> Json:
        """Send a contact card; `user_id` is the contact's account, the sender's own for a shared number."""
        contact: Json = {"phone_number": phone, "first_name": name}
        more = {"user_id": user_id} if user_id is not None else {}
        return self._say(account_id, chat_id, None, {"contact": contact | more})


def document_fields(world: World, name: str, data: bytes, mime: str | None = None) -> Json:
    """Keep a document and return the Message's fields for it."""
    kind = mime or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return document_of(world.keep_file("document", name, kind, data))


def document_of(file: StoredFile) -> Json:
    """Return the Message's fields for a kept document."""
    return {"document": _file(file) | {"file_name": file.name, "mime_type": file.mime}}


def photo_fields(world: World, name: str, data: bytes) -> Json:
    """Keep a picture and return the Message's fields for it."""
    mime = "image/png" if data.startswith(_PNG) else "image/jpeg"
    return photo_of(world.keep_file("photo", name, mime, data))


def photo_of(file: StoredFile) -> Json:
    """Return the Message's fields for a kept picture."""
    width, height = size_of(file.data)
    return {"photo": [_file(file) | {"width": width, "height": height}]}


def voice_fields(world: World, name: str, data: bytes, duration: int) -> Json:
    """Keep a voice message and return the Message's fields for it."""
    return voice_of(world.keep_file("voice", name, "audio/ogg", data), duration)


def voice_of(file: StoredFile, duration: int = 0) -> Json:
    """Return the Message's fields for a kept voice message."""
    return {"voice": _file(file) | {"duration": duration, "mime_type": file.mime}}


def _file(file: StoredFile) -> Json:
    return {"file_id": file.id, "file_unique_id": file.unique_id, "file_size": len(file.data)}


def _caption(caption: str) -> Json:
    if not caption:
        return {}
    entities = with_found(caption, [])
    return {"caption": caption} | ({"caption_entities": entities} if entities else {})


def size_of(data: bytes) -> tuple[int, int]:
    """Return a picture's width and height (of a PNG; any other is taken for a usual photo)."""
    if data.startswith(_PNG) and len(data) >= 24:  # noqa: PLR2004 - a PNG's header up to its height
        width, height = struct.unpack(">II", data[16:24])
        return int(width), int(height)
    return _SQUARE
