"""A Word template filled in by a limited process of its own: an admin may have replaced it (architecture.md §8).

Run as a script with two arguments: bytes of address space, seconds of CPU. Imports nothing of ours: it starts fast.
stdin: JSON with the template and either `values` (fill it in) or `samples` (try it); stdout: JSON.
"""

import base64
import io
import json
import re
import resource
import sys
import traceback
import zipfile
from collections.abc import Iterator
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree

LARGEST = 8 * 2**20
UNPACKED = 64 * 2**20
MAX_TEXT = 8 * 2**20
"""Characters of the filled-in page, before its XML is read: a page of text has some thousands."""
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
"""What XML 1.0 cannot hold, or what docxtpl takes for its own marks (\\a new paragraph, \\f new page)."""
NEWLINE = re.compile("\r\n?|\x0b|\x0c|\x85|\u2028|\u2029")
UNSAFE = ("safe", "forceescape", "xmlattr", "urlize", "tojson", "pprint", "striptags")
"""Filters that write XML of their own, or that take a < or & of a value with them."""
EXCERPT = 40
LINKS = {"attachedTemplate": "附加模板", "image": "图片", "oleObject": "OLE 对象", "subDocument": "子文档"}
"""Kinds of relationships in words."""
FETCHING = re.compile(
    r"INCLUDE(?:PICTURE|TEXT)|DDE(?:AUTO)?\b|(?<!HYPER)LINK\b|DATABASE|IMPORT\b", re.IGNORECASE
)
"""Fields by which Word fetches or starts something when the document is opened or printed."""
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


class Refused(Exception):
    """The template cannot be used; the text is Chinese, for the admin who sent it."""


class Template(DocxTemplate):  # type: ignore[misc]  # docxtpl publishes no types
    """A template that remembers the page it fills in, and what each part was filled in to."""

    page = ""

    def __init__(self, template: bytes) -> None:
        super().__init__(io.BytesIO(template))
        self.filled: dict[str, str] = {}

    def render_xml_part(self, src_xml: str, part: object, context: dict[str, Any], env: object = None) -> str:
        """Fill in one part."""
        self.page = re.sub(r"<w:p([ >])", r"\n<w:p\1", src_xml)
        made: str = super().render_xml_part(src_xml, part, context, env)
        return made

    def resolve_listing(self, xml: str) -> str:
        """Write line ends and tabs as Word has them; raise Refused when the part has grown beyond reason."""
        if len(xml) > MAX_TEXT:
            raise Refused("填好的文档太大")
        self.filled[str(self.current_rendering_part.partname)] = xml  # footnotes come once per section
        written: str = super().resolve_listing(xml)
        return written

    def place(self, line: int | None) -> str:
        """Return the words of a line of the page, such as 「交班人：{{ 交班人1 }}」; '' where there are none."""
        lines = self.page.split("\n")
        if line is None or not 0 < line <= len(lines):
            return ""
        words = re.sub(r"<[^>]*>", "", lines[line - 1]).strip()
        return f"（在「{words[:EXCERPT]}{'…' if len(words) > EXCERPT else ''}」处）" if words else ""


class Environment(ImmutableSandboxedEnvironment):
    """What the template runs in: no attributes of Python, no field that is not given, everything escaped."""

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined)
        self.globals = {name: self.globals[name] for name in ("range", "namespace")}
        for name in UNSAFE:
            del self.filters[name]

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        if scope := tree.find(nodes.EvalContextModifier):
            raise TemplateSyntaxError("autoescape", scope.lineno)
        return tree


def clean(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return plain values whose texts XML can hold; every kind of line end becomes one."""
    if isinstance(value, str):
        return CONTROL.sub("", NEWLINE.sub("\n", value))
    if isinstance(value, list):
        return [clean(one) for one in value]
    return {name: clean(one) for name, one in value.items()} if isinstance(value, dict) else value


def check(template: bytes) -> None:
    """Refuse what is no Word document, unpacks beyond reason, reaches out of itself or brings programs along."""
    if template.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused("这是旧格式（doc）或有密码的文件，请去掉密码，另存为 docx 再发")
    try:
        with zipfile.ZipFile(io.BytesIO(template)) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError):
        raise Refused("不是 Word 文档（docx），或没有传完整") from None
    names = {part.filename for part in parts}
    if sum(part.file_size for part in parts) > UNPACKED or "word/document.xml" not in names:
        raise Refused("不是 Word 文档（docx），或者太大")
    for name in sorted(names):
        if re.search(r"vba\w*\.(bin|xml)", name, re.IGNORECASE):
            raise Refused("模板里有宏，请去掉宏另存为 docx 再发")
        if re.search(r"/(embeddings|activeX|afchunk)", name, re.IGNORECASE):
            raise Refused(f"模板里有嵌入的对象（{name}），请去掉再发")
    with zipfile.ZipFile(io.BytesIO(template)) as packed:
        for name in sorted(names):
            if name.endswith((".xml", ".rels")):
                _check_part(name, packed.read(name))


def _check_part(name: str, data: bytes) -> None:
    """Refuse a part with a document type, a link that is followed unasked, or a field that fetches or runs."""
    if b"<!doctype" in data.replace(b"\0", b"").lower():
        raise Refused(f"模板里有不允许的 DOCTYPE（{name}），请用 Word 或 WPS 另存后再发")
    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    if name.endswith(".rels"):
        for link in root:
            kind = (link.get("Type") or "").rpartition("/")[2]
            if kind == "aFChunk":
                raise Refused(f"模板里有嵌入的对象（{link.get('Target')}），请去掉再发")
            if link.get("TargetMode") == "External" and kind != "hyperlink":
                raise Refused(
                    f"模板里有外部链接（{LINKS.get(kind, kind)} {link.get('Target')}），请断开链接再发"
                )
        return
    codes = "".join(
        element.text or "" if local(element) == "instrText" else f" {element.get(W + 'instr')} "
        for element in root.iter(W + "instrText", W + "fldSimple")
    )
    if found := FETCHING.search(codes):
        raise Refused(f"模板里有不允许的域 {found[0].upper()}，请去掉再发")


def fill(template: bytes, values: dict[str, Any]) -> bytes:
    """Return the filled document, the same bytes for the same values; raise Refused."""
    return rendered(template, values)[0]


def rendered(template: bytes, values: dict[str, Any]) -> tuple[bytes, str]:
    """Return the filled document, and the XML of its parts as it was filled in; raise Refused."""
    check(template)
    environment, word = Environment(), Template(template)
    try:
        word.render(clean(values), environment)
    except TemplateError as error:
        raise Refused(f"{reason(error)}{word.place(line_of(error))}") from error
    if not Template(template).get_undeclared_template_variables(jinja_env=environment):
        raise Refused("模板里一个栏目也没有，栏目写作 {{ 交班人 }}")
    out = io.BytesIO()
    word.save(out)
    if out.tell() > LARGEST:
        raise Refused("填好的文档太大")
    return timeless(out.getvalue()), "\n".join(word.filled.values())


def line_of(error: TemplateError) -> int | None:
    """Return the line of the page an error stands in: one paragraph is one line."""
    if isinstance(error, TemplateSyntaxError):
        return error.lineno
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == "<template>"]
    return lines[-1] if lines else None


def reason(error: TemplateError) -> str:
    """Return in Chinese what is wrong with a template."""
    said = error.message or ""
    quoted = re.findall(r"'([^']*)'", said)
    match error:
        case SecurityError():
            return f"模板里有不允许的写法：{quoted[0] if quoted else said}"
        case UndefinedError():
            return f"没有「{quoted[-1] if quoted else said}」这个栏目"
        case TemplateSyntaxError() if said == "autoescape":
            return "模板里有不允许的写法：autoescape"
        case TemplateSyntaxError() if "No filter" in said or "No test" in said:
            return f"写法不对，不能用：{quoted[0] if quoted else said}"
        case TemplateSyntaxError() if "nexpected end of template" in said:
            ends = [word for word in quoted if word.startswith("end")]
            return f"写法不对，少了结尾的 {{% {ends[0] if ends else 'end…'} %}}"
        case TemplateSyntaxError() if "nknown tag" in said:
            return f"写法不对，多余或写错的标记：{{% {quoted[0] if quoted else ''} %}}"
        case _:
            return f"写法不对：{said}"


def timeless(document: bytes) -> bytes:
    """Return the document without times of its own, so that the same content gives the same bytes."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(document)) as parts,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for name in parts.namelist():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(info, parts.read(name))
    return out.getvalue()


# --- a trial ----------------------------------------------------------------------------------------------


def trial(template: bytes, samples: dict[str, dict[str, Any]]) -> None:
    """Fill in each sample; raise Refused when that fails, or when a field that shows would lose a < or & of a value.

    Each text is replaced by a mark: as often as a plain mark is filled in, the other one has to be seen.
    """
    for name, values in samples.items():
        try:
            fill(template, values)
            plain, fields = marked(values, "《〔{}〕和》")
            _, filled = rendered(template, plain)
            document, _ = rendered(template, marked(values, "<〔{}〕&>")[0])
        except Refused as refused:
            raise Refused(f"{refused}{f'（{name}）' if name else ''}") from None
        seen = shown(document)
        lost = {
            field
            for number, field in enumerate(fields)
            if filled.count(f"《〔{number}〕和》") > seen.count(f"<〔{number}〕&>")
        }
        if lost:
            raise Refused(
                f"「{'」「'.join(sorted(lost))}」里的 < 和 & 会使文字丢失，请只写 {{{{ 栏目 }}}}，"
                "不写 {{r }}、{{p }} 和改动文字的写法"
            )


def marked(values: dict[str, Any], mark: str) -> tuple[dict[str, Any], list[str]]:
    """Return the values with a mark for each text that is not empty, and the name of each mark's field."""
    fields: list[str] = []

    def put(value: Any, field: str) -> Any:  # noqa: ANN401 - JSON
        if isinstance(value, str) and value:
            fields.append(field)
            return mark.format(len(fields) - 1)
        if isinstance(value, list):
            return [put(one, field) for one in value]
        return {name: put(one, name) for name, one in value.items()} if isinstance(value, dict) else value

    return {name: put(value, name) for name, value in values.items()}, fields


def shown(document: bytes) -> str:
    """Return the text that Word shows, a line for each piece, and the attributes of every part."""
    with zipfile.ZipFile(io.BytesIO(document)) as parts:
        names = [n for n in parts.namelist() if n.startswith("word/") and n.endswith(".xml")]
        roots = [etree.fromstring(parts.read(name)) for name in names]
    return "\n".join(piece for root in roots for piece in pieces(root))


def pieces(root: Any) -> Iterator[str]:  # noqa: ANN401 - lxml publishes no types
    """Return the text of runs that stand where a run may, and all attributes."""
    for element in root.iter(etree.Element):
        yield from element.attrib.values()
        if local(element) != "t" or not element.text or local(element.getparent()) != "r":
            continue
        above = [local(one) for one in element.iterancestors()]
        paragraph = above.index("p") + 1 if "p" in above else 0
        if "t" not in above and above[paragraph] not in ("p", "r"):
            yield element.text


def local(element: Any) -> str:  # noqa: ANN401 - lxml publishes no types
    """Return an element's name without its namespace; '' for none."""
    return "" if element is None else str(etree.QName(element).localname)


# --- the process ------------------------------------------------------------------------------------------


def answer(asked: dict[str, Any]) -> dict[str, str]:
    """Return what to say for one request: the document, nothing after a trial that went well, or why not."""
    template = base64.b64decode(asked["template"])
    try:
        if "samples" in asked:
            trial(template, asked["samples"])
            return {}
        return {"document": base64.b64encode(fill(template, asked["values"])).decode()}
    except Refused as refused:
        return {"refused": str(refused)}
    except (MemoryError, OverflowError, RecursionError):
        return {"refused": "填好的文档太大，内存不够，请检查循环和重复内容"}
    except Exception as error:  # noqa: BLE001 - whatever a foreign template does is an answer
        return {"refused": f"模板不能用（{type(error).__name__}），请用 Word 或 WPS 另存后再发"}


def main(memory: int, cpu: int) -> None:
    """Limit this process, answer one request and end."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    sys.stdout.write(json.dumps(answer(json.loads(sys.stdin.buffer.read()))))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
