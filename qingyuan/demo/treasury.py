"""Payments and budgets of the demonstration: five years of a treasury that is not there."""

from __future__ import annotations

import tempfile
from pathlib import Path

from api.audit import Actor
from api.imports import actions as imports
from api.imports.loading.parts import Parts
from api.imports.loading.worker import Worker
from api.platforms.budget.findings.actions import screening
from api.platforms.budget.kinds import KINDS
from api.roster import ROSTER
from api.services import Services
from qingyuan.demo.hands import CLERK, account
from qingyuan.demo.works import with_works
from simulators.treasury.simulation import treasury
from simulators.treasury.writing import write

SEED, PAYMENTS = 11, 6_000
SOURCE = "区财政局国库支付系统"
FILES = {
    "budget.projects": "projects",
    "budget.lines": "budget_lines",
    "budget.indicators": "indicators",
    "budget.adjustments": "adjustments",
    "budget.contracts": "contracts",
    "budget.assets": "assets",
    "budget.problems": "audit_problems",
    "budget.plans": "plans",
    "budget.applications": "applications",
    "budget.controls": "controls",
    "budget.payments": "payments",
}


def begin_treasury(services: Services) -> None:
    """Load the tables as the office would and run the rules, unless that was done before."""
    parts = imports.parts_of(services, ROSTER)
    if parts.loads.listed([kind.name for kind in KINDS], most=1):
        return
    by = account(services, CLERK).actor
    with tempfile.TemporaryDirectory() as folder:
        write(with_works(treasury(SEED, payments=PAYMENTS)), Path(folder))
        for kind, name in FILES.items():
            _load(parts, by, kind, Path(folder) / f"{name}.csv")
    screening.refresh(services)


def _load(parts: Parts, by: Actor, kind: str, path: Path) -> None:
    with path.open("rb") as content:
        load = imports.send(parts, by, parts.kinds[kind], SOURCE, path.name, content)
    imports.load_at_once(Worker(), parts, by, load, good_rows=True, dry_run=False)
