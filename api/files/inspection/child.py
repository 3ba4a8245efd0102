"""The child process: limits itself, reads one file, and answers on its standard output."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from api.files.inspection import pictures, reading
from api.files.inspection.findings import Parsed
from config.child_limits import limit_this_process
from config.vocabulary.errors import FaultyInput

MOST_MEMORY = 1 << 30
MOST_SECONDS = 25
MOST_WRITTEN = 512 << 20


def main() -> int:
    """``picture SOURCE TARGET KIND`` answers nothing or the fault, ``read SOURCE KIND`` an
    :class:`api.files.inspection.findings.Inspection`, ``document SOURCE`` a
    :class:`api.files.inspection.findings.Parsed`.
    """
    limit_this_process(memory_bytes=MOST_MEMORY, cpu_s=MOST_SECONDS, written_bytes=MOST_WRITTEN)
    task, source, *rest = sys.argv[1:]
    if task == "picture":
        answer = _drawn(Path(source), *rest).encode()
    elif task == "document":
        answer = msgspec.json.encode(_parsed(Path(source)))
    else:
        answer = msgspec.json.encode(reading.read(Path(source), *rest))
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()
    return 0


def _drawn(source: Path, target: str, kind: str) -> str:
    try:
        pictures.cleaned(source, Path(target), kind)
    except pictures.TooManyPixels:
        return "pixels"
    except Exception:  # noqa: BLE001 - whatever a decoder may raise on a hostile file
        return "broken"
    return ""


def _parsed(source: Path) -> Parsed:
    # It takes longer to import than most files to read, and one task alone needs it.
    from documents.text.reading import read  # noqa: PLC0415

    try:
        return Parsed(read(source))
    except FaultyInput as refused:
        return Parsed(None, refused.faults[0].what, refused.faults[0].remedy)


if __name__ == "__main__":
    sys.exit(main())
