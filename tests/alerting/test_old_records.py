"""What was measured long ago enters the record as past, and nobody is told of it as of now."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from alerting.alert import Alert, Change, State
from alerting.evaluation.snapshot import Snapshot
from alerting.notify.repository import Message
from config.catalogue.shapes import Catalogue
from tests.alerting.conftest import T0, RunningCentre
from tests.phrases import has

DAY_S = 86_400
YEAR_S = 366 * DAY_S
RULE = "ammonia-over-class"


@pytest.fixture
def fresh(tmp_path: Path, district: Path, catalogue: Catalogue) -> Iterator[RunningCentre]:
    """A centre that has heard nothing, ten minutes after ``T0``."""
    made = RunningCentre(tmp_path, district, catalogue)
    yield made
    made.close()


def alerts(centre: RunningCentre, rule: str = RULE) -> list[Alert]:
    """Of one rule, withdrawn ones left out, by beginning."""
    return [alert for alert in centre.alerts() if alert.rule_id == rule]


@pytest.fixture(autouse=True)
def listening(request: pytest.FixtureRequest) -> None:
    """People listen from the beginning."""
    name = "fresh" if "fresh" in request.fixturenames else "centre"
    request.getfixturevalue(name).heard()


def reported(centre: RunningCentre, rule: str = RULE) -> list[Message]:
    """What deputies and officers were told of a rule, in order."""
    return [*centre.heard("daibiao", rule), *centre.heard("huanbao", rule)]


def events(centre: RunningCentre, audience: str = "deputy", rule: str = RULE) -> list[str]:
    """Of these, what one audience was told."""
    return centre.kinds("daibiao" if audience == "deputy" else "huanbao", rule)


def last_text(centre: RunningCentre) -> str:
    """The text of the last message."""
    assert centre.telling
    last = centre.heard()[-1].id
    centre.telling.send()
    return next(of.text for of in centre.telling.channels["mail"].given if of.key == last)


def later(centre: RunningCentre, seconds: int) -> None:
    """So much time passes."""
    centre.now_ms = T0 + seconds * 1000


def test_an_old_record_that_ends_beyond_a_limit_is_over_and_tells_nobody(
    centre: RunningCentre,
) -> None:
    """Silence was known when it came."""
    centre.silent_until(570)
    centre.measured(-YEAR_S, 20 - YEAR_S, 1.5, imported=True)
    centre.settle()

    (alert,) = alerts(centre)
    last_ms = T0 + (19 - YEAR_S) * 1000
    assert (alert.state, alert.data_lost) == (State.RESOLVED, True)
    assert (alert.last_ms, alert.resolved_ms) == (last_ms, last_ms + DAY_S * 1000)
    assert not reported(centre)


def test_nor_does_one_that_comes_before_any_silence_is_known(fresh: RunningCentre) -> None:
    """A centre that is started for the first time, with a record that is imported at once."""
    fresh.measured(-YEAR_S, 20 - YEAR_S, 1.5, imported=True)
    fresh.settle()
    assert [alert.state for alert in alerts(fresh)] == [State.FIRING]
    assert not reported(fresh)

    fresh.restart()
    fresh.silent_until(570)

    assert [alert.state for alert in alerts(fresh)] == [State.RESOLVED]
    assert not reported(fresh)


def test_nor_one_that_is_read_together_with_the_silence_behind_it(fresh: RunningCentre) -> None:
    """Both waited in the journal."""
    fresh.measured(-YEAR_S, 20 - YEAR_S, 1.5, imported=True)
    fresh.silent_until(570)

    assert [alert.state for alert in alerts(fresh)] == [State.RESOLVED]
    assert not reported(fresh)


@pytest.mark.parametrize("cuts", [(1, 5, 20), (7,), (3, 19)])
def test_a_record_that_comes_in_pieces_is_the_same_record(
    fresh: RunningCentre, cuts: tuple[int, ...]
) -> None:
    """Whether or not the pieces cut an alert in two."""
    later(fresh, YEAR_S)
    fresh.silent_until(YEAR_S - 30)
    first = 0
    for end in (*cuts, 20, 40):
        if end > first:
            fresh.measured(first, end, 1.5 if end <= 20 else 0.4, imported=True)
            fresh.settle()
        first = end

    assert [(a.began_ms, a.resolved_ms, a.data_lost) for a in alerts(fresh)] == [
        (T0, T0 + 30_000, False)
    ]
    assert not reported(fresh)


def test_an_exceedance_of_now_is_news_behind_one_of_years_ago(centre: RunningCentre) -> None:
    """The run of then does not stand any more."""
    centre.silent_until(570)
    centre.measured(-YEAR_S, 20 - YEAR_S, 1.5, imported=True)
    centre.settle()
    centre.measured(560, 580, 1.5)
    centre.settle()

    assert [alert.state for alert in alerts(centre)] == [State.RESOLVED, State.FIRING]
    assert events(centre) == ["begun"]


def test_a_backlog_of_days_is_reported_once_silence_is_known_and_it_still_stands(
    fresh: RunningCentre,
) -> None:
    """The centre was down; what is over by then is not told."""
    later(fresh, 3 * DAY_S)
    fresh.measured(0, 20, 1.5, imported=True)
    fresh.settle()
    assert not reported(fresh)
    for hour in range(1, 48):
        fresh.measured(3600 * hour, 3600 * hour + 1, 1.5, imported=True)
    fresh.settle()
    assert not reported(fresh)
    for hour in range(48, 72):
        fresh.measured(3600 * hour, 3600 * hour + 1, 1.5, imported=True)

    fresh.silent_until(3 * DAY_S - 30)

    assert [alert.began_ms for alert in alerts(fresh)] == [T0]
    assert events(fresh) == ["begun"]


def test_who_heard_of_a_beginning_hears_that_the_state_is_unknown(centre: RunningCentre) -> None:
    """Not that all is well."""
    centre.measured(160, 180, 1.5)
    centre.settle()
    later(centre, 2 * DAY_S)
    centre.silent_until(2 * DAY_S - 30)

    assert events(centre) == ["begun", "over"]
    text = last_text(centre)
    assert not has(text, "message.resolved")
    assert has(text, "message.ended-unknown")
    assert Change.EXPIRED in centre.changes()
    assert events(centre, "officer", "station-silent") == ["begun"], "of silence itself it speaks"


def test_a_backlog_that_shows_that_it_stands_is_reported_anew(centre: RunningCentre) -> None:
    """A link was down for two days, and the exceedance went on behind it."""
    centre.measured(160, 180, 1.5)
    centre.settle()
    later(centre, 2 * DAY_S)
    centre.silent_until(2 * DAY_S - 30)
    for hour in range(1, 48):
        centre.measured(3600 * hour, 3600 * hour + 1, 1.5, imported=True)
    centre.measured(2 * DAY_S - 60, 2 * DAY_S, 1.5)
    centre.settle()

    (alert,) = alerts(centre)
    assert (alert.state, alert.began_ms) == (State.FIRING, T0 + 160_000)
    assert events(centre) == ["begun", "over", "again"]

    later(centre, 2 * DAY_S + 30)
    centre.measured(2 * DAY_S, 2 * DAY_S + 20, 0.4)
    centre.settle()
    assert alerts(centre)[0].state is State.RESOLVED
    assert not has(last_text(centre), "message.withdrawn")


def test_and_where_the_newest_readings_come_first_nobody_hears_that_it_never_was(
    centre: RunningCentre,
) -> None:
    """What people were told of stands."""
    centre.measured(160, 180, 1.5)
    centre.settle()
    later(centre, 2 * DAY_S)
    centre.silent_until(2 * DAY_S - 30)
    centre.measured(2 * DAY_S - 60, 2 * DAY_S, 1.5)
    centre.settle()
    assert events(centre) == ["begun", "over", "again"]
    for hour in range(1, 48):
        centre.measured(3600 * hour, 3600 * hour + 1, 1.5, imported=True)
    centre.settle()

    (alert,) = alerts(centre)
    assert (alert.state, alert.began_ms) == (State.FIRING, T0 + 160_000)
    assert events(centre) == ["begun", "over", "again"]

    later(centre, 2 * DAY_S + 60)
    centre.measured(2 * DAY_S, 2 * DAY_S + 20, 0.4)
    centre.settle()
    assert events(centre) == ["begun", "over", "again", "over"]
    assert has(last_text(centre), "message.resolved")


def test_a_station_that_never_spoke_is_not_missed(fresh: RunningCentre) -> None:
    """Its record of years ago is all that there is; once it speaks, its silence counts."""
    fresh.silent_until(570)
    fresh.measured(-YEAR_S, 20 - YEAR_S, 0.4, imported=True)
    fresh.silent_until(580)
    assert not alerts(fresh, "station-silent")

    fresh.measured(570, 580, 0.4)
    fresh.restart()
    later(fresh, 900)
    fresh.silent_until(870)

    assert [a.state for a in alerts(fresh, "station-silent")] == [State.FIRING]
    assert events(fresh, "officer", "station-silent") == ["begun"]


def test_a_snapshot_of_before_takes_every_station_that_it_knows_for_heard(
    centre: RunningCentre,
) -> None:
    """What it kept has no word on that."""
    _, kept = centre.repository.engine_snapshot()
    old = msgspec.to_builtins(kept)
    del old["first_heard"]
    with centre.state.begin() as connection:
        centre.repository.save_engine(connection, 1, msgspec.convert(old, Snapshot))
    centre.restart()
    centre.silent_until(570)

    assert events(centre, "officer", "station-silent") == ["begun"]
