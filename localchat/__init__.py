"""A strict local stand-in for the Telegram Bot API, with a chat page for the people's side."""
