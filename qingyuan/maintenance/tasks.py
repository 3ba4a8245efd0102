"""The table of admin tasks: done by the running core, or here where none runs."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from api.audit import OPERATOR
from config.settings import Settings
from config.vocabulary.errors import QingyuanError, Refused
from qingyuan.maintenance.auditing import BY, audited
from qingyuan.maintenance.backtest import on_store
from qingyuan.maintenance.backup import backed_up
from qingyuan.maintenance.export import exported
from qingyuan.maintenance.importing import imported
from qingyuan.maintenance.judging import rejudged
from qingyuan.maintenance.replay import replayed, served
from qingyuan.maintenance.search import rebuilt
from qingyuan.runtime.admin import asked
from qingyuan.runtime.site import opened
from qingyuan.runtime.tasks import Line, Options, Tasks

TASKS: Tasks = {
    "replay": audited("replay", replayed, "ids"),
    "dead-letters": served,
    "import": audited("import", imported, "station"),
    "export": audited("export", exported, "stations"),
    "backup": audited("backup", backed_up, "folder"),
    "backtest": on_store,
    "search": rebuilt,
    "rejudge": audited("rejudge", rejudged, "station"),
}


def run(name: str, options: Options, settings: Settings) -> int:
    """Run a task in the centre, or here where none runs, and print its lines; its exit status.

    Raises:
        Refused: there is no data directory.
    """
    lines = asked(settings.data_dir, name, {**options, BY: OPERATOR.who})
    if lines is not None:
        return _printed(lines)
    if not settings.data_dir.is_dir():
        remedy = "name the centre's data directory with --data"
        raise Refused(str(settings.data_dir), "is not there", remedy)
    with opened(settings) as resources:
        return _printed(TASKS[name](resources, options))


def _printed(lines: Iterator[Line]) -> int:
    """Passing lines are for a terminal alone, each in the place of the one before."""
    status = 1
    for line in lines:
        if line.passing:
            if sys.stderr.isatty():
                print(f"\r\x1b[K{line.text}", end="", file=sys.stderr, flush=True)
            continue
        if sys.stderr.isatty():
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
        if line.status == 2:
            raise QingyuanError(line.text)
        if line.text:
            print(line.text, flush=True)
        if line.status is not None:
            status = line.status
    return status
