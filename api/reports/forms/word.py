"""A paper in Word, out of a template that an office may have changed: nothing in one is run."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from types import TracebackType
from typing import Any, Literal
from zoneinfo import ZoneInfo

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from config.vocabulary.time import SHANGHAI

Wrong = Literal["no-word", "macros", "outside", "large", "syntax", "name", "forbidden", "broken"]
"""No Word file; macros; a part that lies elsewhere; too much in it; a tag that cannot be read; a
name that no paper has; an attempt at more than values; no paper comes of it.
"""
MOST_BYTES = 2 * 1024 * 1024
_MOST_UNPACKED, _MOST_PARTS = 40 * 1024 * 1024, 500
_DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_OUTSIDE = re.compile(rb'TargetMode\s*=\s*["\']External["\']')
_LINK = b'/hyperlink"'
_RELATION = re.compile(rb"<Relationship\b[^>]*>")
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_LONGEST_SHOWN = 120


class Unfit(Exception):
    """Of a template: why, the paragraph or part where, and the fault in the engine's words."""

    def __init__(self, wrong: Wrong, where: str = "", what: str = "") -> None:
        super().__init__(wrong, where, what)
        self.wrong, self.where, self.what = wrong, where, what


class _Template(DocxTemplate):  # type: ignore[misc, unused-ignore]
    """Keeps the lines that are rendered, a paragraph each, to name the one with a fault."""

    lines: list[str]

    def render_xml_part(self, src_xml: str, part: Any, context: Any, jinja_env: Any = None) -> str:
        """See the base."""
        self.lines = re.sub(r"<w:p([ >])", r"\n<w:p\1", src_xml).splitlines()
        text: str = super().render_xml_part(src_xml, part, context, jinja_env)
        return text


def made(template: bytes, values: dict[str, Any], made_ms: int) -> bytes:
    """The document: the same template, values and instant give the same bytes.

    Raises:
        Unfit
    """
    check(template)
    document = _Template(io.BytesIO(template))
    document.lines = []
    rules = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
    try:
        document.render(values, rules)
        made_at = datetime.fromtimestamp(made_ms / 1000, ZoneInfo(SHANGHAI)).replace(tzinfo=None)
        properties = document.docx.core_properties
        properties.created = properties.modified = made_at
        properties.last_modified_by, properties.revision = "", 1
        out = io.BytesIO()
        document.save(out)
    except TemplateError as error:
        raise _unfit(error, document) from error
    except Exception as error:  # whatever a damaged template may raise
        raise Unfit("broken", _where(error, document), _shown(str(error))) from error
    return dated(out.getvalue())


def check(template: bytes) -> None:
    """Whether a file may be a template at all.

    Raises:
        Unfit: it is no Word file, is too large unpacked, holds macros, or takes in a part from
            elsewhere, which would be fetched wherever the paper is opened.
    """
    if len(template) > MOST_BYTES:
        raise Unfit("large")
    try:
        with zipfile.ZipFile(io.BytesIO(template)) as parts:
            _check_parts(parts)
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, OSError) as error:
        raise Unfit("no-word") from error


def _check_parts(parts: zipfile.ZipFile) -> None:
    infos = parts.infolist()
    if len(infos) > _MOST_PARTS or sum(of.file_size for of in infos) > _MOST_UNPACKED:
        raise Unfit("large")
    for info in infos:
        name, lower = info.filename, info.filename.lower()
        if lower.endswith(("vbaproject.bin", "vbadata.xml")) or "/activex/" in lower:
            raise Unfit("macros", name)
        if lower.endswith(".rels"):
            relations = _RELATION.findall(parts.read(info))
            if any(_OUTSIDE.search(of) and _LINK not in of for of in relations):
                raise Unfit("outside", name)
        if lower.endswith((".xml", ".rels")) and b"<!DOCTYPE" in parts.read(info):
            raise Unfit("no-word", name)
    if _DOCUMENT.encode() not in parts.read("[Content_Types].xml"):
        raise Unfit(
            "macros" if b"macroEnabled" in parts.read("[Content_Types].xml") else "no-word"
        )


def _unfit(error: TemplateError, document: _Template) -> Unfit:
    if isinstance(error, TemplateSyntaxError):
        where = _paragraph(document.lines, error.lineno)
        return Unfit("syntax", where, _shown(str(error.message)))
    wrong: Wrong = "name" if isinstance(error, UndefinedError) else "syntax"
    if isinstance(error, SecurityError):
        wrong = "forbidden"
    return Unfit(wrong, _where(error, document), _shown(str(error)))


def _where(error: Exception, document: _Template) -> str:
    numbers = list(_template_lines(error.__traceback__))
    return _paragraph(document.lines, numbers[-1]) if numbers else ""


def _template_lines(trace: TracebackType | None) -> Iterator[int]:
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            yield trace.tb_lineno
        trace = trace.tb_next


def _paragraph(lines: list[str], number: int) -> str:
    """The text of a paragraph, or of the next one above that has any."""
    for line in reversed(lines[:number]):
        if text := re.sub(r"<[^>]+>", "", line).strip():
            return _shown(text)
    return ""


def _shown(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"


def dated(document: bytes) -> bytes:
    """The same parts with one date, so that the hour of making leaves no trace."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(document)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for info in old.infolist():
            entry = zipfile.ZipInfo(info.filename, _FIRST_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(info))
    return out.getvalue()
