"""The process that makes one paper within its limits: a template or a text that hangs or eats
memory harms nobody but itself.
"""

from __future__ import annotations

import resource
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from msgspec import Struct

from api.reports.forms import pdf, word
from api.reports.forms.word import Unfit

MEMORY_BYTES = 2 << 30


class Order(Struct, frozen=True):
    """A paper that is laid out, and its form: Word with a ``template``, PDF with the fonts of
    ``libraries``. It may take ``cpu_s`` of a processor.
    """

    form: str
    lines: dict[str, Any]
    made_ms: int
    template: bytes = b""
    libraries: str = ""
    cpu_s: int = 20


def work(answer: Connection, order: Order) -> None:
    """Make it and send it, or why it cannot be."""
    resource.setrlimit(resource.RLIMIT_CPU, (order.cpu_s, order.cpu_s + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer.send(_made(order))
    except Unfit as unfit:
        answer.send((unfit.wrong, unfit.where, unfit.what))
    except FileNotFoundError as missing:
        answer.send(("missing", str(missing), ""))


def _made(order: Order) -> bytes:
    if order.form == "pdf":
        return pdf.made(order.lines, Path(order.libraries), order.made_ms)
    return word.made(order.template, order.lines, order.made_ms)
