"""Since when nothing is settled and why, and how often it is said."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from edge_agent.uplink.settlement import HANG_UPS, LOG_S, NOT_AUTHORIZED, SILENT_S, Settlement, Why


def begun() -> Settlement:
    """Connected at 0 s."""
    found = Settlement(0.0)
    found.connected(0.0)
    return found


def cause(found: Settlement, now_s: float) -> str | None:
    why = found.why(now_s)
    return why.cause if why else None


def test_given_a_broker_that_takes_everything_and_a_centre_that_settles_nothing_then_it_is_reported() -> (
    None
):
    """Also where the access list refuses: a broker of MQTT 3.1.1 does not say so. Time without a
    connection does not count.
    """
    found = begun()
    assert cause(found, SILENT_S) is None
    assert cause(found, SILENT_S + 1) == "silent"
    assert "qingyuan broker acl" in str(found.why(SILENT_S + 1))
    found.settled(SILENT_S + 1)
    assert cause(found, SILENT_S + 2) is None
    found.connected(1000.0)
    assert cause(found, 1000.0 + SILENT_S) is None


def test_given_connections_that_end_without_anything_settled_then_that_is_reported() -> None:
    """In the words of the DISCONNECT where there was one; one that settled something ends it."""
    found = begun()
    for number in range(HANG_UPS):
        assert cause(found, number) is None
        found.connected(number + 1.0)
        found.hung_up("Session taken over")
    why = found.why(10.0)
    assert why is not None
    assert (why.cause, why.said) == ("hung-up", "Session taken over")
    found.settled(11.0)
    assert cause(found, 11.0) is None


@given(st.lists(st.tuples(st.sampled_from(["readings", "history", "status"]), st.booleans())))
def test_given_any_answers_then_what_is_refused_is_what_was_refused_last(
    answers: list[tuple[str, bool]],
) -> None:
    """Each kind of message by itself."""
    found = begun()
    for kind, taken in answers:
        if taken:
            found.taken(kind)
        else:
            found.refused(kind, NOT_AUTHORIZED, "Not authorized")
    refused = sorted(kind for kind, taken in dict(answers).items() if not taken)
    why = found.why(1.0)
    expected = Why("not-authorized", "Not authorized", f"refuses {', '.join(refused)}")
    assert why == (expected if refused else None)


def test_given_a_new_connection_then_it_is_not_said_that_samples_are_settled_again() -> None:
    """Before one is."""
    found = begun()
    found.refused("readings", NOT_AUTHORIZED, "Not authorized")
    assert found.news(found.why(1.0), 1.0)
    found.connected(LOG_S + 2)
    assert not found.news(found.why(LOG_S + 2), LOG_S + 2)
    found.settled(LOG_S + 3)
    assert found.news(found.why(LOG_S + 3), LOG_S + 3)


def test_given_a_refusal_then_it_is_reported_also_while_nothing_waits() -> None:
    """A list that lets readings through and no report of health."""
    found = begun()
    found.refused("health", NOT_AUTHORIZED, "Not authorized")
    assert found.why(1.0, waits=False) is not None
    found.taken("health")
    assert found.why(SILENT_S + 9, waits=False) is None


@given(st.lists(st.tuples(st.sampled_from([None, "a", "b"]), st.floats(0, 100)), max_size=50))
def test_given_any_changes_then_each_is_logged_once_and_none_oftener_than_the_bound(
    changes: list[tuple[str | None, float]],
) -> None:
    found, now_s = begun(), 0.0
    logged = list[tuple[str | None, float]]()
    for said, pause_s in changes:
        now_s += pause_s
        if said is None:
            found.settled(now_s)
        if found.news(Why("refused", said) if said else None, now_s):
            logged.append((said, now_s))
    words = [None, *(said for said, _ in logged)]
    assert all(one != other for one, other in pairwise(words))
    times = [at_s for _, at_s in logged]
    assert all(b - a >= LOG_S for a, b in pairwise(times))
