"""Two agents that speak as one station, a clock that is wrong: operators are told, deputies are not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from alerting import tables
from alerting.alert import State
from alerting.record.repository import Repository
from alerting.self_monitoring import KNOWN_MS, SelfMonitoring
from alerting.wording.sentences import (
    CLOCK_OFF,
    NOTICES,
    OF_THE_CENTRE,
    TWO_AGENTS,
)
from config.catalogue.shapes import Catalogue
from tests.alerting.telling import Telling
from tests.databases import fresh_state
from tests.phrases import has

T0 = 1_800_000_000_000


class Centre:
    """A centre that sees what the test says, at the time that the test sets."""

    def __init__(self, folder: Path, catalogue: Catalogue) -> None:
        self.state = fresh_state(folder, [tables.MIGRATIONS])
        self.now, self.seen = T0, dict[tuple[str, str], bool | None]()
        self.repository = Repository(self.state)
        self.telling = Telling(self.state, catalogue)
        self.start()

    def start(self) -> None:
        """As a process does; nothing but the state database is remembered."""
        self.self_monitoring = SelfMonitoring(
            self.repository,
            lambda: self.seen,
            lambda: None,
            lambda: self.now,
        )

    def observes(self, *, stands: bool | None, after_ms: int, cause: str = TWO_AGENTS) -> None:
        """Once; None: it is not known. The centre itself has no name."""
        self.now += after_ms
        self.seen[cause, "" if cause in OF_THE_CENTRE else "tonglv-jinsha"] = stands
        self.self_monitoring.observe()
        self.telling.now_ms = self.now
        self.telling.after(0.1)


@pytest.fixture
def centre(tmp_path: Path, catalogue: Catalogue) -> Iterator[Centre]:
    """A centre that has just been started."""
    made = Centre(tmp_path, catalogue)
    yield made
    made.state.close()


@pytest.mark.parametrize("cause", NOTICES)
def test_operators_hear_of_it_once_and_of_the_end_once(centre: Centre, cause: str) -> None:
    """In plain words, with what to do; a deputy hears nothing."""
    centre.observes(stands=False, after_ms=KNOWN_MS, cause=cause)
    for stands in (True, True, False, False):
        centre.observes(stands=stands, after_ms=60_000, cause=cause)

    (kept,) = centre.repository.listing()
    assert (kept.alert.state, kept.alert.about) == (State.RESOLVED, "maintenance")
    assert kept.alert.resolved_ms == kept.alert.began_ms + 120_000
    made = centre.telling.made()
    assert [(row.reader, row.kind) for row in made] == [("huanbao", "begun"), ("huanbao", "over")]
    centre.telling.send()
    first = centre.telling.channels["mail"].given[0]
    assert has(first.text, f"alert.{cause}")
    assert has(first.text, f"message.next-{cause}")


def test_causes_stand_side_by_side_and_what_is_not_known_changes_nothing(centre: Centre) -> None:
    """A station that sends nothing says nothing of its clock."""
    for cause in NOTICES:
        centre.observes(stands=True, after_ms=KNOWN_MS, cause=cause)
    centre.observes(stands=None, after_ms=KNOWN_MS, cause=CLOCK_OFF)
    centre.observes(stands=False, after_ms=KNOWN_MS, cause=TWO_AGENTS)
    states = {kept.alert.rule_id: kept.alert.state for kept in centre.repository.listing()}
    assert states == {
        cause: State.RESOLVED if cause == TWO_AGENTS else State.FIRING for cause in NOTICES
    }


def test_a_centre_that_was_started_again_ends_nothing_before_it_has_listened(
    centre: Centre,
) -> None:
    """What it has not seen yet is not over."""
    centre.observes(stands=True, after_ms=KNOWN_MS)
    centre.start()
    centre.observes(stands=False, after_ms=KNOWN_MS - 1)
    assert centre.repository.listing()[0].alert.state is State.FIRING

    centre.observes(stands=False, after_ms=1)

    assert centre.repository.listing()[0].alert.state is State.RESOLVED
