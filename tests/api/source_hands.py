"""The hands of tests of sources: an office that registers one, a core that goes round."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import httpx

from api.imports.sources import notices, taking, terms
from api.imports.sources.records import Source
from api.imports.sources.repository import Sources
from api.shape import CoreServices, Platform
from config.settings import ImportSettings
from config.vocabulary.time import MINUTE_MS
from tests.api.conftest import RunningCentre
from tests.api.deadline_rules import core_of

HEAD = "支付凭证号,预算单位,收款人,支付日期,支付金额"
NOVEMBER = (
    f"{HEAD}\n001,教体局,新华书店,2026-11-05,1200.50\n002,教体局,建工集团,2026-11-30,80000\n"
)
FAULTY = f"{HEAD}\n001,教体局,新华书店,2026-11-31,1200.50\n002,教体局,建工集团,2026-11-30,8\n"


@dataclass
class Round:
    """A core with settings, of which each turn is a minute after the last."""

    centre: RunningCentre
    roster: tuple[Platform, ...]
    settings: ImportSettings

    @property
    def core(self) -> CoreServices:
        """The means of its jobs."""
        return replace(core_of(self.centre), roster=self.roster, imports=self.settings)

    def goes(self, turns: int = 1) -> None:
        """Both jobs of every minute, so often."""
        for _ in range(turns):
            self.centre.clock.now_ms += MINUTE_MS
            taking.take_all(self.core)
            terms.keep_terms(self.core)

    def morning(self) -> None:
        """The job that tells officers."""
        notices.tell_missed(self.core)

    @property
    def sources(self) -> Sources:
        """The register."""
        return Sources(self.centre.services.state)

    def source(self, source_id: int) -> Source:
        """A source as it is now."""
        found = self.sources.one(source_id)
        assert found is not None
        return found

    def outcomes(self, source_id: int) -> list[str]:
        """Of attempts, the first one first."""
        return [of.outcome for of in reversed(self.sources.attempts(source_id))]


def registered(client: httpx.Client, **changes: object) -> int:
    """The id of a source that somebody registers on the page."""
    form: dict[str, object] = {
        "name": "国库支付", "kind": "toy.payments", "period": "month", "since_day": "2026-11-01",
        "unit": "environment", "username": "lianluo", "due_amount": "10",
        "due_unit": "working-day", "way": "hand",
    }  # fmt: skip
    answer = client.post("/imports/sources", data=form | changes)
    assert answer.status_code == 303, answer.text
    return int(answer.headers["location"].rpartition("/")[2])


def lies(folder: Path, name: str, text: str) -> Path:
    """A file lies in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
