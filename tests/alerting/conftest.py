"""Journal, store, state and a rule worker over them, which a test drives by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa

from alerting import tables
from alerting.alert import Alert, State
from alerting.notify.repository import Message
from alerting.record.repository import Repository
from alerting.rule_worker import RuleWorker
from alerting.rules import documents
from alerting.rules.repository import RuleRepository
from config.catalogue.shapes import Catalogue
from config.vocabulary.quality import Quality
from ingest.annotations import tables as annotation_tables
from ingest.annotations.corrections import Corrections
from ingest.annotations.findings import Findings
from ingest.journal.columns import Columns
from ingest.journal.log import Journal
from ingest.store.duckdb.store import DuckDBStore
from tests.alerting.telling import Telling
from tests.conftest import Postgres
from tests.databases import fresh_state

T0 = 1_795_492_800_000
SERIES = "tonglv-pingchao/w21003"


MIGRATIONS = [annotation_tables.MIGRATIONS, tables.MIGRATIONS]


class RunningCentre:
    """Journal, a store that no store writer fills, and the rule worker; the test sets the clock."""

    def __init__(
        self, folder: Path, district: Path, catalogue: Catalogue, postgres: Postgres | None = None
    ) -> None:
        self.now_ms = T0 + 600_000
        self.journal = Journal(folder / "journal")
        self.store = DuckDBStore(folder / "readings.duckdb")
        self.state = fresh_state(folder, MIGRATIONS, postgres)
        self.corrections = Corrections(self.state)
        self.findings = Findings(self.state)
        self.repository = Repository(self.state)
        self.catalogue = catalogue
        self.telling: Telling | None = None
        self.rules = documents.load(district / "rules.toml", catalogue)
        self.rule_repository = RuleRepository(self.state, self.rules)
        self.restart()

    def restart(self) -> None:
        """A rule worker that knows only what the one before it had committed."""
        self.rule_worker = RuleWorker(
            self.journal,
            self.store,
            self.repository,
            self.rule_repository,
            self.catalogue,
            lambda: self.now_ms,
            Corrections(self.state),
            self.findings,
            self.journal,
        )

    def measured(
        self,
        from_s: int,
        to_s: int,
        value: float,
        quality: Quality = Quality.GOOD,
        *,
        imported: bool = False,
    ) -> None:
        """One reading of ammonia a second, received when it was measured or now."""
        t = T0 + np.arange(from_s, to_s, dtype=np.int64) * 1000
        count = len(t)
        columns = Columns(
            names=(SERIES,),
            series=np.zeros(count, np.uint32),
            t=t,
            value=np.full(count, value),
            quality=np.full(count, quality, np.uint8),
            cause=np.zeros(count, np.uint8),
            received=np.full(count, self.now_ms) if imported else t,
            boots=("ab" * 16,),
            boot=np.zeros(count, np.uint16),
            seq=np.arange(count),
        )
        self.journal.append(columns)

    def decide(
        self,
        from_s: int,
        to_s: int,
        *,
        value: float | None = None,
        quality: Quality = Quality.GOOD,
        series: str = SERIES,
    ) -> int:
        """A review, or with a value a correction, of ``from_s <= t < to_s``; its id."""
        with self.state.begin() as connection:
            made = self.corrections.add(
                connection,
                series,
                T0 + from_s * 1000,
                T0 + to_s * 1000,
                value=value,
                quality=quality,
                by="李岚",
                account="huanbao",
                why="核对",
                at_ms=self.now_ms,
            )
        return made.id

    def withdraw(self, decision: int) -> None:
        """Take it back."""
        with self.state.begin() as connection:
            self.corrections.withdraw(connection, decision, "李岚", "huanbao", self.now_ms)

    def keep(self) -> None:
        """What the journal holds into the store."""
        for entry in self.journal.read(self.store.position(), limit=10_000):
            self.store.append(entry.n, entry.columns)

    def silent_until(self, at_s: int) -> None:
        """Nothing more comes, and that is known."""
        self.journal.append(Columns.empty(), upto_ms=T0 + at_s * 1000)
        self.settle()

    def settle(self) -> None:
        """Until there is nothing to do."""
        while self.rule_worker.step():
            self.now_ms += 2000
        if self.telling is not None:
            self.heard()

    def heard(self, reader: str = "daibiao", rule: str = "ammonia-over-class") -> list[Message]:
        """Messages that a reader was sent of a rule until now, the oldest first."""
        if self.telling is None:
            self.telling = Telling(self.state, self.catalogue, rules=self.rule_repository.all)
        self.telling.now_ms = max(self.telling.now_ms, self.now_ms)
        self.telling.known_ms = self.rule_worker.engine.state.upto_ms
        self.telling.after(0.1)
        found = self.telling.messages.of_reader(reader, most=1000)
        mine = [of for of in found if of.entries[0].body.alert.rule_id == rule]  # type: ignore[union-attr]
        return sorted(mine, key=lambda of: of.created_ms)

    def kinds(self, reader: str = "daibiao", rule: str = "ammonia-over-class") -> list[str]:
        """Their kinds."""
        return [of.kind for of in self.heard(reader, rule)]

    def record(self) -> list[tuple[str, int, int | None, bool]]:
        """Alerts: rule, beginning and end in seconds, and whether they were found afterwards."""
        alerts = [kept.alert for kept in self.repository.listing()]
        return [
            (a.rule_id, (a.began_ms - T0) // 1000, a.resolved_ms, a.retrospective) for a in alerts
        ]

    def alerts(self) -> list[Alert]:
        """What is on record and was not withdrawn, by beginning."""
        found = [kept.alert for kept in self.repository.listing()]
        found = [alert for alert in found if alert.state is not State.WITHDRAWN]
        return sorted(found, key=lambda alert: (alert.began_ms, alert.level))

    def spans(self) -> list[tuple[int, int | None]]:
        """Of these, beginning and end in seconds."""
        return [
            ((a.began_ms - T0) // 1000, a.resolved_ms and (a.resolved_ms - T0) // 1000)
            for a in self.alerts()
        ]

    def changes(self) -> list[str]:
        """Every transition on record."""
        query = sa.select(tables.TRANSITION.c.change).order_by(tables.TRANSITION.c.id)
        with self.state.read() as connection:
            return list(connection.execute(query).scalars())

    def close(self) -> None:
        """Let go."""
        self.store.close()
        self.state.close()
        self.journal.close()


@pytest.fixture
def centre(tmp_path: Path, district: Path, catalogue: Catalogue) -> Iterator[RunningCentre]:
    """Quiet readings of the last minute."""
    made = RunningCentre(tmp_path, district, catalogue)
    made.measured(100, 160, 0.4)
    made.settle()
    yield made
    made.close()
