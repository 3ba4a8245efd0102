"""The text of a paragraph: insertions taken, deletions gone, notes and boxes left out."""

from __future__ import annotations

from documents.text.word.package import Element, is_on, local, value, whole

_WITHIN = {
    "ins", "moveTo", "hyperlink", "smartTag", "customXml", "fldSimple", "dir", "bdo", "sdt",
    "sdtContent", "ruby", "rubyBase", "oMath", "oMathPara", "num", "den", "e", "f", "sSup", "sup",
    "sSub", "sub", "d", "rad",
}  # fmt: skip
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_DEEPEST = 60


class Fields:
    """Fields that are open, which may begin in one paragraph and end in another."""

    def __init__(self) -> None:
        self._open = list[str]()

    @property
    def in_contents(self) -> bool:
        """Whether a table of contents is open."""
        return any(code.strip().upper().startswith("TOC") for code in self._open)

    def mark(self, kind: str | None) -> None:
        """Begin, separate or end."""
        if kind == "begin":
            self._open.append("")
        elif kind == "end" and self._open:
            self._open.pop()

    def say(self, code: str) -> None:
        """A piece of a field's code."""
        if self._open:
            self._open[-1] += code


def text_of(paragraph: Element, fields: Fields) -> str:
    """The text, with line breaks and without contents; ``fields`` are marked on the way."""
    return _below(paragraph, fields, 0)


def _below(element: Element, fields: Fields, depth: int) -> str:
    if depth > _DEEPEST:
        return ""
    found = ""
    for of in element:
        name = local(of)
        if name == "r":
            found += _run(of, fields)
        elif name in _WITHIN:
            found += _below(of, fields, depth + 1)
    return found


def _run(run: Element, fields: Fields) -> str:
    hidden = is_on(run, "rPr", "vanish") or is_on(run, "rPr", "specVanish")
    found = ""
    for of in run:
        name = local(of)
        if name == "t":
            found += "" if fields.in_contents else of.text or ""
        elif name == "fldChar":
            fields.mark(value(of, name="fldCharType"))
        elif name == "instrText":
            fields.say(of.text or "")
        elif name == "sym":
            found += _sign(of)
        elif name == "ruby":
            found += _below(of, fields, 0)
        else:
            found += _SIGNS.get(name, "")
    return "" if hidden else found


def _sign(of: Element) -> str:
    """A character of a font of signs, where it has a code of its own."""
    code = value(of, name="char") or ""
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    return "" if 0xE000 <= number <= 0xF8FF or whole(code) == 0 else chr(number)
