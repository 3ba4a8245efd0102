"""`qingyuan COMMAND`: finds the command's file and turns our errors into one line."""

from __future__ import annotations

import importlib
import os
import sys

from config.vocabulary.errors import Fault, FaultyInput, QingyuanError, Refused

COMMANDS = {
    "demo": ("demo.demonstration", "the whole centre on simulated stations, in one process"),
    "serve": ("commands.centre.serve", "the centre: ingest, alerting and pages"),
    "core": ("commands.centre.core", "the half of the centre that receives, judges and tells"),
    "api": ("commands.centre.api", "the half of the centre that people see"),
    "edge": ("commands.station.edge", "the agent of one station"),
    "config": ("commands.station.config", "send a station its part of the catalogue"),
    "simulate": ("commands.station.simulate", "a district's instruments on Modbus"),
    "broker": ("commands.centre.broker", "what a broker must know: who may say and hear what"),
    "deadletters": (
        "commands.records.deadletters",
        "what was refused: look at it, mend it, replay it",
    ),
    "import": ("commands.records.importing", "old records from a CSV file"),
    "export": ("commands.records.export", "readings to a Parquet or CSV file"),
    "backup": ("commands.records.backup", "everything into a folder, while the centre runs"),
    "migrate": ("commands.centre.migrate", "the state database's tables up to date, as its owner"),
    "restore": ("commands.records.restore", "a backup into an empty centre"),
    "search": ("commands.records.search", "the index of the search, written anew"),
    "files": ("commands.records.files", "whether the content of every file is as it came"),
    "audit": ("commands.records.audit", "whether the audit is as it was written"),
    "people": ("commands.centre.people", "accounts out of a spreadsheet"),
    "tables": ("commands.tables.tables", "what a file with tables holds, and its faults"),
    "budget": ("commands.budget.budget", "what tables of a budget say, without a centre"),
    "documents": (
        "commands.documents.documents",
        "what normative documents say, without a centre",
    ),
    "check": ("commands.centre.check", "look a district's files over"),
    "probe": ("commands.station.probe", "how an instrument's registers want to be read"),
    "standard": ("commands.rules.standard", "judge values by the Chinese standards"),
    "rules": ("commands.rules.rules", "the small tests that rule files carry"),
    "deadline": ("commands.rules.deadline", "until when the law gives time, and why until then"),
    "backtest": (
        "commands.rules.backtest",
        "what rules would have done with readings of the past",
    ),
    "qc": (
        "commands.records.qc",
        "the flags of quality control beside the readings of a CSV file",
    ),
    "rejudge": (
        "commands.records.rejudge",
        "quality control of the past, by the settings of now",
    ),
}
"""Each command's module below qingyuan, and its purpose."""
ROOMS = {
    "config",
    "tabular",
    "budget",
    "documents",
    "edge_agent",
    "simulators",
    "ingest",
    "alerting",
    "api",
    "broker",
    "qingyuan",
}
EXTRAS = {"edge": "edge", "simulate": "edge", "probe": "edge", "demo": "demo"}


def main() -> int:
    """Run a command; 2 when a person has to put something right."""
    os.umask(0o077)  # readings, letters and copies of the state are nobody else's on the machine
    name, *rest = sys.argv[1:] or ["--help"]
    if name in ("-h", "--help"):
        print("usage: qingyuan COMMAND [...]\n")
        for command, (_, purpose) in COMMANDS.items():
            print(f"  {command:12} {purpose}")
        return 0
    try:
        if name not in COMMANDS:
            known = ", ".join(COMMANDS)
            raise FaultyInput([Fault("command", f"unknown {name!r}", f"use one of {known}")])
        return _answer(name, rest)
    except QingyuanError as error:
        print(f"qingyuan: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _answer(name: str, rest: list[str]) -> int:
    """Run one command; no other command's libraries need be there."""
    try:
        return int(importlib.import_module(f"qingyuan.{COMMANDS[name][0]}").run(rest))
    except ModuleNotFoundError as error:
        library = (error.name or "").partition(".")[0]
        if library in ROOMS:
            raise
        remedy = f"install qingyuan[{EXTRAS.get(name, 'server')}]"
        raise Refused(name, f"needs the library {library}", remedy) from error


if __name__ == "__main__":
    sys.exit(main())
