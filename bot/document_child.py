"""A Word template filled in by a limited process of its own: an admin may have replaced it (architecture.md §8)."""

import base64
import io
import json
import re
import resource
import sys
import zipfile
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

LARGEST = 8 * 2**20
UNPACKED = 64 * 2**20


def fill(template: bytes, values: dict[str, Any]) -> bytes:
    """Return the filled document; raise ValueError with a Chinese reason."""
    try:
        with zipfile.ZipFile(io.BytesIO(template)) as packed:
            if (
                sum(i.file_size for i in packed.infolist()) > UNPACKED
                or "word/document.xml" not in packed.namelist()
            ):
                raise ValueError("不是 Word 文档（docx），或者太大")
    except zipfile.BadZipFile:
        raise ValueError("不是 Word 文档（docx）") from None
    environment = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    del environment.filters["safe"]  # unescaped, a "<" or "&" in a value would vanish from the document
    word = DocxTemplate(io.BytesIO(template))
    try:
        if not DocxTemplate(io.BytesIO(template)).get_undeclared_template_variables(jinja_env=environment):
            raise ValueError("模板里一个栏目也没有，栏目写作 {{ 交班人 }}")
        word.render(values, jinja_env=environment)
    except UndefinedError as error:
        name = re.search(r"'([^']+)' is undefined|no attribute '([^']+)'", str(error))
        raise ValueError(f"没有「{(name[1] or name[2]) if name else error}」这个栏目") from None
    except SecurityError:
        raise ValueError("模板里有不允许的写法") from None
    except TemplateSyntaxError as error:
        raise ValueError(f"第 {error.lineno} 段附近写法不对：{error.message}") from None
    except TemplateError as error:
        raise ValueError(f"模板写法不对：{error}") from None
    out = io.BytesIO()
    word.save(out)
    if out.tell() > LARGEST:
        raise ValueError("填好的文档太大")
    return out.getvalue()


def main(memory: int, cpu: int) -> None:
    """Limit this process, answer one request and end."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    asked = json.loads(sys.stdin.buffer.read())
    try:
        made = fill(base64.b64decode(asked["template"]), asked["values"])
        said = {"document": base64.b64encode(made).decode()}
    except ValueError as error:
        said = {"refused": str(error)}
    except MemoryError:
        said = {"refused": "填好的文档太大，内存不够"}
    except Exception as error:  # noqa: BLE001 - whatever a foreign template does is an answer
        said = {"refused": f"模板不能用：{type(error).__name__}"}
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
