"""`python -m bench.echo.bots ptb|aiogram URL`: a bot that only repeats, as its library's page shows it."""

import asyncio
import sys

from aiogram import Bot as AiogramBot
from aiogram import Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message
from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

from tests.faults.processes import TOKEN


async def _repeat(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    if update.message is not None and update.message.text is not None:
        await update.message.reply_text(update.message.text)


def ptb(url: str) -> None:
    """Run python-telegram-bot's own application, updates handled as they come."""
    builder = Application.builder().token(TOKEN).base_url(f"{url}/bot").concurrent_updates(256)
    application = builder.connection_pool_size(96).build()
    application.add_handler(MessageHandler(filters.TEXT, _repeat))
    application.run_polling()


async def aiogram(url: str) -> None:
    """Run aiogram's own dispatcher, updates handled as they come."""
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def repeat(message: Message) -> None:
        await message.answer(message.text or "")

    bot = AiogramBot(TOKEN, AiohttpSession(api=TelegramAPIServer.from_base(url)))
    await dispatcher.start_polling(bot)


if __name__ == "__main__":
    if sys.argv[1] == "ptb":
        ptb(sys.argv[2])
    else:
        asyncio.run(aiogram(sys.argv[2]))
