"""HTML-styled text becomes entities whose offsets count UTF-16 units."""

import pytest

from localchat.records import Json

from .conftest import Chat

_STYLED: list[tuple[str, str, list[Json]]] = [
    ("😀<b>好</b>", "😀好", [{"type": "bold", "offset": 2, "length": 1}]),
    (
        "<b>橙<i>色</i></b>",
        "橙色",
        [{"type": "bold", "offset": 0, "length": 2}, {"type": "italic", "offset": 1, "length": 1}],
    ),
    ("  <u>好</u> \n", "好", [{"type": "underline", "offset": 0, "length": 1}]),
    (
        '<pre><code class="language-json">{}</code></pre>',
        "{}",
        [{"type": "pre", "offset": 0, "length": 2, "language": "json"}],
    ),
    (
        '<a href="https://a.cn/?a=1&amp;b=2">看</a>',
        "看",
        [{"type": "text_link", "offset": 0, "length": 1, "url": "https://a.cn/?a=1&b=2"}],
    ),
    (
        "<blockquote expandable>长</blockquote>",
        "长",
        [{"type": "expandable_blockquote", "offset": 0, "length": 1}],
    ),
    ("<tg-spoiler>密</tg-spoiler>", "密", [{"type": "spoiler", "offset": 0, "length": 1}]),
    ('<span class="tg-spoiler">密</span>', "密", [{"type": "spoiler", "offset": 0, "length": 1}]),
    ("1 &lt; 2 &amp;&nbsp;", "1 < 2 &&nbsp;", []),
    (
        "收到后点 /help，或 https://a.cn/b。",
        "收到后点 /help，或 https://a.cn/b。",
        [{"type": "bot_command", "offset": 5, "length": 5}, {"type": "url", "offset": 13, "length": 14}],
    ),
    ("<code>/help</code>", "/help", [{"type": "code", "offset": 0, "length": 5}]),
    ("<del>a</del><strike>b</strike><s>c</s>", "abc", [
        {"type": "strikethrough", "offset": 0, "length": 1},
        {"type": "strikethrough", "offset": 1, "length": 1},
        {"type": "strikethrough", "offset": 2, "length": 1},
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("source", "text", "entities"), _STYLED, ids=[row[0] for row in _STYLED])
async def test_html_becomes_text_and_entities(
    chat: Chat, source: str, text: str, entities: list[Json]
) -> None:
    sent = await chat.result("sendMessage", chat_id=1001, text=source, parse_mode="HTML")
    assert (sent["text"], sent.get("entities", [])) == (text, entities)


async def test_a_text_of_4096_units_passes_after_its_tags_are_gone(chat: Chat) -> None:
    sent = await chat.result("sendMessage", chat_id=1001, text=f"<b>{'好' * 4096}</b>", parse_mode="HTML")
    assert len(sent["text"]) == 4096


async def test_a_persons_long_text_arrives_in_parts_that_together_are_the_whole(chat: Chat) -> None:
    whole = "\n".join(f"第{n}行：{'雨' * 90}" for n in range(100))
    chat.api.post(1001, whole)
    parts = [update["message"]["text"] for update in await chat.updates()]
    assert len(parts) > 1
    assert max(map(len, parts)) <= 4096
    assert "".join(parts) == whole
