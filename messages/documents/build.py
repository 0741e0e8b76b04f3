"""Build the shipped Word templates, the same bytes each time: `python -m messages.documents.build` (domain.md §6.1).

Fonts are named as the standard wants them; a machine without them falls back to its own, and pages may shift.
"""

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

from docx import Document
from docx.document import Document as Word
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from messages.room_files import zipped

HERE = Path(__file__).parent
GAP = 57
"""Between the rules of a table and its text, left and right: 1 mm, in twentieths of a point."""
TITLE, BODY, HEAD = "方正小标宋简体", "仿宋_GB2312", "黑体"


def _font(run: Run, name: str, size: float, *, bold: bool = False) -> Run:
    run.font.name, run.font.size, run.font.bold = name, Pt(size), bold
    properties = run._element.get_or_add_rPr()  # noqa: SLF001 - python-docx offers no other way to name an East Asian font
    properties.get_or_add_rFonts().set(qn("w:eastAsia"), name)
    return run


def _line(
    at: Word | _Cell, text: str, *, font: str = BODY, size: float = 12, centre: bool = False
) -> Paragraph:
    line = at.add_paragraph()
    line.paragraph_format.space_after = Pt(1)
    line.paragraph_format.space_before = Pt(8 if font == HEAD else 1)
    line.paragraph_format.keep_with_next = font == HEAD
    if centre:
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _font(line.add_run(text), font, size)
    return line


def _new(title: str) -> Word:
    word = Document()
    page = word.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin = Mm(25), Mm(20)
    page.left_margin = page.right_margin = Mm(20)
    _no_thumbnail(word)
    _line(word, title, font=TITLE, size=20, centre=True)
    return word


def _no_thumbnail(word: Word) -> None:
    """Take out the picture of another document that python-docx's own template carries."""
    links = word.part.package.rels
    for key in [key for key, link in links.items() if link.reltype.endswith("/thumbnail")]:
        del links[key]


def _cell(cell: _Cell, text: str, *, font: str = BODY, size: float = 10.5) -> None:
    line = cell.paragraphs[0]
    line.paragraph_format.space_after = Pt(0)
    _font(line.add_run(text), font, size)


def _table(word: Word, widths: Sequence[int], head: Sequence[str], row: Sequence[str], over: str) -> Table:
    """Add a table whose head repeats on each page and whose row repeats over a list."""
    table: Table = word.add_table(rows=4, cols=len(widths), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    _widths(table, widths)
    _together(table)
    for cell, text in zip(table.rows[0].cells, head, strict=True):
        _cell(cell, text, font=HEAD)
        cell.paragraphs[0].paragraph_format.keep_with_next = True
    repeat = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)  # noqa: SLF001 - same
    _cell(table.rows[1].cells[0], f"{{%tr for 行 in {over} %}}")
    for cell, text in zip(table.rows[2].cells, row, strict=True):
        _cell(cell, text)
    _cell(table.rows[3].cells[0], "{%tr endfor %}")
    return table


def _widths(table: Table, widths: Sequence[int]) -> None:
    """Set the columns' widths in millimetres: on the grid for one program, on each cell for the other."""
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)


def _together(table: Table) -> None:
    """Let no row break over two pages, and leave its text more room than Word does."""
    sides = "".join(f'<w:{side} w:w="{GAP}" w:type="dxa"/>' for side in ("left", "right"))
    margins = parse_xml(f"<w:tblCellMar {nsdecls('w')}>{sides}</w:tblCellMar>")
    table._tbl.tblPr.find(qn("w:tblLook")).addprevious(margins)  # noqa: SLF001 - same; Word insists on the order
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001 - same


def _pairs(word: Word, rows: Sequence[tuple[str, str, str, str]]) -> None:
    table = word.add_table(rows=len(rows), cols=4, style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    _widths(table, (25, 60, 25, 60))
    _together(table)
    for cells, texts in zip((r.cells for r in table.rows), rows, strict=True):
        for column, (cell, text) in enumerate(zip(cells, texts, strict=True)):
            _cell(cell, text, font=HEAD if column % 2 == 0 else BODY)


def _section(word: Word, heading: str, text: str) -> None:
    _line(word, f"{{%p if {text} %}}")
    _line(word, heading, font=HEAD)
    _line(word, f"{{%p for 行 in {text} %}}")
    _line(word, "{{ 行 }}")
    _line(word, "{%p endfor %}")
    _line(word, "{%p endif %}")


def handover() -> Word:
    """Return the template of a handover record."""
    word = _new("{{ 值班室 }}交接班记录")
    _line(word, "编号 {{ 编号 }}　　{{ 状态 }}", centre=True)
    _pairs(
        word,
        (
            ("交班人", "{{ 交班人 }}", "交班签字", "{{ 交班时间 }}"),
            ("接班人", "{{ 接班人 }}", "接班签字", "{{ 接班时间 }}"),
            ("带班领导", "{{ 带班领导 }}", "下一班带班", "{{ 下一班带班领导 }}"),
            ("同班人员", "{{ 同班人员 }}", "值班电话", "{{ 值班电话 }}"),
        ),
    )
    _line(word, "{%p if 强制交接 %}")
    _line(word, "强制交接：{{ 强制交接 }}", font=HEAD)
    _line(word, "{%p endif %}")
    _line(word, "{%p if 零报告 %}")
    _line(word, "本班无未了事项（零报告）。")
    _line(word, "{%p else %}")
    _line(word, "移交事项", font=HEAD)
    _table(
        word,
        (11, 90, 40, 16, 13),
        ("序号", "内容", "下一步（责任人、期限）", "接班答复", "重点"),
        ("{{ 行.序号 }}", "{{ 行.内容 }}", "{{ 行.下一步 }}", "{{ 行.答复 }}", "{{ 行.重点 }}"),
        "事项",
    )
    _line(word, "{%p endif %}")
    _section(word, "转移安置", "转移安置")
    _section(word, "人员变动（调班、顶班、请假）", "人员变动")
    _section(word, "设备", "设备")
    _section(word, "接下来到期", "接下来到期")
    _section(word, "交班说明", "说明")
    _line(word, "涉密件另行清点交接，不在本记录内。", size=10.5)
    _line(word, "打印 {{ 打印时间 }}　　内容摘要值 {{ 摘要值 }}", size=8)
    return word


def day_log() -> Word:
    """Return the template of one day of the duty log (domain.md §1.4); what we do not know is left to be written."""
    word = _new("{{ 值班室 }}值班日志")
    _pairs(
        word,
        (
            ("日期", "{{ 日期 }}", "天气", "　"),
            ("带班领导", "{{ 带班领导 }}", "值班人员", "{{ 值班人员 }}"),
            ("值班电话", "{{ 值班电话 }}", "条数", "{{ 条数 }}"),
        ),
    )
    _line(word, "")
    _table(
        word,
        (13, 15, 21, 15, 78, 28),
        ("时间", "编号", "事项", "人员", "内容", "处理、更正"),
        (
            "{{ 行.时间 }}",
            "{{ 行.编号 }}",
            "{{ 行.事项 }}",
            "{{ 行.人员 }}",
            "{{ 行.内容 }}",
            "{{ 行.更正 }}",
        ),
        "记录",
    )
    _line(word, "领导批示：　　　　　　　　　　　　　　　　　　签字：")
    _line(word, "打印 {{ 打印时间 }}", size=8)
    return word


RED = RGBColor(0xD0, 0x00, 0x00)
LINE = 28.95
"""Between the lines of a document's text: 22 lines fill a page (points)."""
OPEN = {BODY: ("仿宋", "roman"), TITLE: ("Noto Serif CJK SC", "roman"), HEAD: ("SimHei", "swiss")}
"""What a program may take where it lacks the fonts of the standard, which are not free."""


def _open_fonts(word: Word) -> None:
    """Name open fonts beside those of the standard; pages may shift with them."""
    table = next(part for part in word.part.package.iter_parts() if part.partname.endswith("/fontTable.xml"))
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/>'
        f'<w:family w:val="{family}"/></w:font>'
        for name, (other, family) in OPEN.items()
    )
    table._blob = table.blob.replace(b"</w:fonts>", f"{fonts}</w:fonts>".encode())  # noqa: SLF001 - python-docx does not know this part


def _in_chinese(word: Word) -> None:
    """Say that the text is simplified Chinese: a font of several countries then shows its forms."""
    language = word.styles.element.find(f".//{qn('w:lang')}")
    language.set(qn("w:eastAsia"), "zh-CN")


def _set(line: Paragraph, *, exact: float | None = LINE, indent: int = 0) -> Paragraph:
    """Let a paragraph stand as the text of a document does: exact lines, its first one `indent` letters in."""
    form = line.paragraph_format
    form.space_before = form.space_after = Pt(0)
    if exact:
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(exact)
    if indent:
        form.first_line_indent = Pt(16 * indent)
        properties = line._p.get_or_add_pPr().get_or_add_ind()  # noqa: SLF001 - python-docx counts no letters
        properties.set(qn("w:firstLineChars"), str(indent * 100))
    return line


def _ruled(line: Paragraph, side: str, colour: str, size: int) -> None:
    """Draw a line above or below a paragraph, `size` eighths of a point thick."""
    border = f'<w:{side} w:val="single" w:sz="{size}" w:space="4" w:color="{colour}"/>'
    properties = line._p.get_or_add_pPr()  # noqa: SLF001 - python-docx draws no lines
    properties.insert_element_before(parse_xml(f"<w:pBdr {nsdecls('w')}>{border}</w:pBdr>"), *ABOVE_BORDERS)


ABOVE_BORDERS = (
    *("w:shd", "w:tabs", "w:suppressAutoHyphens", "w:kinsoku", "w:wordWrap", "w:overflowPunct"),
    *("w:topLinePunct", "w:autoSpaceDE", "w:autoSpaceDN", "w:bidi", "w:adjustRightInd", "w:snapToGrid"),
    *("w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents", "w:jc", "w:rPr"),
)
"""What Word wants to stand behind the borders of a paragraph."""


def _page_numbers(word: Word) -> None:
    """Number the pages as 公文 do: 4号 with dashes, odd ones at the right, even ones at the left."""
    page = word.sections[0]
    word.settings.odd_and_even_pages_header_footer = True
    for foot, side in (
        (page.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (page.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        line = foot.paragraphs[0]
        line.alignment = side
        _font(line.add_run("— "), "宋体", 14)
        number = '<w:r><w:rPr><w:sz w:val="28"/></w:rPr><w:t>1</w:t></w:r>'
        field = parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="PAGE">{number}</w:fldSimple>')
        line._p.append(field)  # noqa: SLF001 - python-docx knows no fields
        _font(line.add_run(" —"), "宋体", 14)


def _two(word: Word, left: str, right: str, size: float) -> Paragraph:
    """Add a line with words at both ends."""
    line = word.add_paragraph()
    line.paragraph_format.tab_stops.add_tab_stop(Mm(156), WD_TAB_ALIGNMENT.RIGHT)
    _font(line.add_run(f"{left}\t{right}"), BODY, size)
    return _set(line)


def flash() -> Word:
    """Return the template of a 突发事件信息快报 (domain.md §2.4, §6.1)."""
    word = Document()
    page = word.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin = Mm(37), Mm(35)
    page.left_margin, page.right_margin = Mm(28), Mm(26)
    page.footer_distance = Mm(25)
    _no_thumbnail(word)
    _open_fonts(word)
    _in_chinese(word)
    _page_numbers(word)
    title = _set(_line(word, "{{ 标题 }}", font=TITLE, size=26, centre=True), exact=40)
    title.runs[0].font.color.rgb = RED
    number = _set(
        _line(word, "{% if 期号 %}第 {{ 期号 }} 期{% else %}{{ 草稿 }}{% endif %}", size=16, centre=True)
    )
    number.paragraph_format.space_before = Pt(6)
    _ruled(_two(word, "{{ 报送单位 }}", "{{ 日期 }}", 16), "bottom", "D00000", 18)
    about = _set(_line(word, "{{ 事由 }}", font=TITLE, size=18, centre=True), exact=32)
    about.paragraph_format.space_before, about.paragraph_format.space_after = Pt(24), Pt(12)
    _set(_line(word, "{%p for 行 in 正文 %}", size=16))
    _set(_line(word, "{{ 行 }}", size=16), indent=2).alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    _set(_line(word, "{%p endfor %}", size=16))
    _ends(word)
    return word


def _ends(word: Word) -> None:
    """Add to whom it goes and who answers for it, kept together on one page."""
    rows = (
        ("主送：{{ 主送 }}", "抄送：{{ 抄送 }}"),
        ("签发人：{{ 签发人 }}", "审核：{{ 审核 }}"),
        ("编辑：{{ 编辑 }}", "电话：{{ 电话 }}"),
    )
    for number, (left, right) in enumerate(rows):
        line = word.add_paragraph()
        line.paragraph_format.tab_stops.add_tab_stop(Mm(84))
        _font(line.add_run(f"{left}\t{right}"), BODY, 14)
        _set(line, exact=24)
        line.paragraph_format.keep_together = True
        line.paragraph_format.keep_with_next = number < len(rows) - 1
        if number == 0:
            line.paragraph_format.space_before = Pt(30)
            _ruled(line, "top", "000000", 6)
        if number == len(rows) - 1:
            _ruled(line, "bottom", "000000", 6)


TEMPLATES = {"交接班记录": handover, "值班日志": day_log, "突发事件信息快报": flash}


def saved(word: Word) -> bytes:
    """Return the file without times of its own, so that the same script gives the same bytes."""
    out = io.BytesIO()
    word.save(out)
    with zipfile.ZipFile(out) as parts:
        return zipped({name: parts.read(name) for name in parts.namelist()})


def main() -> None:
    """Write the templates beside this file."""
    for name, make in TEMPLATES.items():
        (HERE / f"{name}.docx").write_bytes(saved(make()))


if __name__ == "__main__":
    main()
