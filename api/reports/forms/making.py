"""Makes Word and PDF, each in a process of its own that may not take for ever."""

from __future__ import annotations

import multiprocessing
import re
import threading
from typing import Any

from msgspec import structs

from api.reports.forms.child import Order, work
from api.web.declared import Declared
from api.web.forms import NotAccepted
from config.vocabulary.errors import Fault

PATIENCE_S = 60.0
"""For a paper, the start of its process included."""
_TURNS = threading.BoundedSemaphore(2)
_WAIT_S = 30.0
_METHOD = multiprocessing.get_context("spawn")
_NO_TEXT = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
"""Characters that neither Word nor PDF can hold."""
REMEDIES = {
    "no-word": "save it in Word as .docx and choose that file",
    "macros": "save it as .docx, which holds no macros",
    "outside": "put pictures and objects into the file itself instead of linking them",
    "large": "leave pictures out or make them smaller; 2 MiB at most",
    "syntax": "compare the tag with the product's template; each for and if needs its end",
    "name": "use a name of the list beside the template",
    "forbidden": "a template may only show values",
    "broken": "begin again with the product's template",
    "slow": "leave nested repetitions out",
}


class Busy(Declared):
    """Too many papers are being made."""

    status = 503
    words = "reports.busy"


class NoFont(Declared):
    """The font of PDF is not installed."""

    status = 503
    words = "reports.no-font"


def made(order: Order) -> bytes:
    """The paper.

    Raises:
        NotAccepted: the template is unfit; ``key`` says why, ``values`` where and what.
        Busy, NoFont
    """
    if not _TURNS.acquire(timeout=_WAIT_S):
        raise Busy("other papers are being made; ask again in a minute")
    try:
        answer = _asked(structs.replace(order, lines=_clean(order.lines)))
    finally:
        _TURNS.release()
    if isinstance(answer, bytes):
        return answer
    wrong, where, what = answer
    if wrong == "missing":
        raise NoFont(f"{where} is missing; run `make setup`")
    fault = Fault(f"template {where}".strip(), what or wrong, REMEDIES[wrong])
    raise NotAccepted(fault, wrong, where=where, what=what)


def _asked(order: Order) -> bytes | tuple[str, str, str]:
    ours, theirs = _METHOD.Pipe(duplex=False)
    child = _METHOD.Process(target=work, args=(theirs, order), daemon=True)
    child.start()
    theirs.close()
    try:
        if ours.poll(PATIENCE_S):
            answer: bytes | tuple[str, str, str] = ours.recv()
            return answer
    except EOFError:  # killed by one of its limits
        pass
    finally:
        child.kill()
        child.join()
        ours.close()
    return "slow", "", f"took more than {order.cpu_s} s or too much memory"


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return _NO_TEXT.sub("", value)
    if isinstance(value, dict):
        return {name: _clean(of) for name, of in value.items()}
    return [_clean(of) for of in value] if isinstance(value, list) else value
