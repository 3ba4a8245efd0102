"""Two agents that speak as one station: operators are told, deputies are not."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from alerting import documents
from alerting import repository as tables
from alerting.alert import State
from alerting.notices import KNOWN_MS, Notices
from alerting.repository import Repository
from alerting.wording import Wording
from config.catalogue.shapes import Catalogue
from config.catalogue.words import Words
from config.settings import Settings
from ingest.state import open_state

T0 = 1_800_000_000_000


class Centre:
    """A centre that sees what the test says, at the time that the test sets."""

    def __init__(self, folder: Path, district: Path, catalogue: Catalogue) -> None:
        self.state = open_state(Settings(data_dir=folder))
        self.state.migrate([tables.MIGRATIONS])
        self.now, self.stands = T0, False
        self.repository = Repository(self.state)
        in_force = documents.load(district / "rules.toml", catalogue)
        self._wording = Wording(Words.load("zh-CN"), catalogue, lambda: in_force)
        self.start()

    def start(self) -> None:
        """As a process does; nothing but the state database is remembered."""
        self.notices = Notices(
            self.repository,
            self._wording,
            lambda: {"tonglv-jinsha": self.stands},
            threading.Event(),
            lambda: self.now,
        )

    def looks(self, *, stands: bool, after_ms: int) -> None:
        """Once."""
        self.now, self.stands = self.now + after_ms, stands
        self.notices.look()


@pytest.fixture
def centre(tmp_path: Path, district: Path, catalogue: Catalogue) -> Iterator[Centre]:
    """A centre that has just been started."""
    made = Centre(tmp_path, district, catalogue)
    yield made
    made.state.close()


def test_operators_hear_of_two_agents_once_and_of_the_end_once(centre: Centre) -> None:
    """In plain words, with what to do; a deputy hears nothing."""
    centre.looks(stands=False, after_ms=KNOWN_MS)
    for stands in (True, True, False, False):
        centre.looks(stands=stands, after_ms=60_000)

    (kept,) = centre.repository.listing()
    assert (kept.alert.state, kept.alert.about) == (State.RESOLVED, "maintenance")
    assert kept.alert.resolved_ms == kept.alert.began_ms + 120_000
    told = centre.repository.told(kept.alert.id)
    assert [(row.audience, row.event) for row in told] == [
        ("officer", "fired"),
        ("officer", "resolved"),
    ]
    assert "两台采集器" in told[0].text
    assert "停用多余的一台" in told[0].text


def test_a_centre_that_was_started_again_ends_nothing_before_it_has_listened(
    centre: Centre,
) -> None:
    """What it has not seen yet is not over."""
    centre.looks(stands=True, after_ms=KNOWN_MS)
    centre.start()
    centre.looks(stands=False, after_ms=KNOWN_MS - 1)
    assert centre.repository.listing()[0].alert.state is State.FIRING

    centre.looks(stands=False, after_ms=1)

    assert centre.repository.listing()[0].alert.state is State.RESOLVED
