"""Codes to check in: one person, one meeting, one device, one minute, and nothing else."""

from __future__ import annotations

import json
import string
from pathlib import Path

from hypothesis import assume, given
from hypothesis import strategies as st

from api.meetings.passes import STEP_MS, STEPS_AROUND, Pass, key_of, number_of, verdict

SECRET = b"s" * 32
INSTANTS = st.integers(1_700_000_000_000, 1_900_000_000_000)
NUMBERS = st.integers(1, 9999)
PEOPLE = st.text(string.ascii_lowercase, min_size=1, max_size=8)
AT_MS = 1_795_492_800_000
VECTORS = Path(__file__).parents[2] / "web" / "passes.json"


def pass_of(meeting: int, number: int, username: str = "daibiao", serial: int = 1) -> Pass:
    """The pass of a device."""
    return Pass(meeting, number, key_of(SECRET, meeting, username, serial))


@given(NUMBERS, NUMBERS, PEOPLE, INSTANTS, st.integers(-STEP_MS, STEP_MS))
def test_given_the_own_code_near_its_instant_then_it_lets_in(
    meeting: int, number: int, username: str, at_ms: int, skew_ms: int
) -> None:
    """Both forms, however the digits are set apart; a clock may be half a minute off."""
    own = pass_of(meeting, number, username)
    spoken = own.spoken(at_ms)
    for text in (own.code(at_ms), spoken, spoken.replace(" ", ""), spoken.replace(" ", "-")):
        assert number_of(text) == number
        assert verdict([own], meeting, text, at_ms + skew_ms) == "valid"


@given(NUMBERS, NUMBERS, INSTANTS, st.integers(2, 10_000), st.sampled_from([-1, 1]))
def test_given_another_time_then_it_is_said_to_be_old_or_ahead(
    meeting: int, number: int, at_ms: int, steps: int, way: int
) -> None:
    """A picture of a code is worth nothing after a minute."""
    own = pass_of(meeting, number)
    text = own.code(at_ms)
    later_ms = at_ms + way * steps * STEP_MS
    assert steps > STEPS_AROUND
    assert verdict([own], meeting, text, later_ms) == ("old" if way > 0 else "ahead")


@given(NUMBERS, NUMBERS, PEOPLE, st.data(), INSTANTS)
def test_given_another_meeting_person_number_or_device_then_it_never_lets_in(
    meeting: int, number: int, username: str, data: st.DataObject, at_ms: int
) -> None:
    """Whichever of them differs."""
    own = pass_of(meeting, number, username)
    other = pass_of(
        data.draw(st.just(meeting) | NUMBERS),
        data.draw(st.just(number) | NUMBERS),
        data.draw(st.just(username) | PEOPLE),
        data.draw(st.integers(1, 3)),
    )
    assume(other.key != own.key or other.number != own.number)
    assert verdict([own], meeting, other.code(at_ms), at_ms) in ("other-meeting", "forged")


@given(NUMBERS, NUMBERS, INSTANTS, st.data())
def test_given_one_sign_of_a_code_changed_then_it_never_lets_in(
    meeting: int, number: int, at_ms: int, data: st.DataObject
) -> None:
    """Not even into the next step."""
    own = pass_of(meeting, number)
    text = own.code(at_ms)
    at = data.draw(st.integers(0, len(text) - 1))
    sign = data.draw(st.sampled_from(string.ascii_uppercase + string.digits + ":"))
    assume(sign != text[at])
    changed = text[:at] + sign + text[at + 1 :]
    assert verdict([own], meeting, changed, at_ms) != "valid"


@given(st.text(max_size=40))
def test_given_any_text_then_it_is_judged_and_never_lets_in(text: str) -> None:
    """By whatever somebody holds before the camera."""
    assert verdict([pass_of(3, 7)], 3, text, AT_MS) != "valid"


def test_given_nobody_of_this_number_then_it_is_said() -> None:
    """As at a desk whose list is older than the invitation."""
    assert verdict([], 3, pass_of(3, 7).code(AT_MS), AT_MS) == "unknown"


def test_the_scripts_are_held_to_the_same_codes() -> None:
    """``tests/web/meetings.test.js`` reads these; what this side makes stands in them."""
    vectors = json.loads(VECTORS.read_text())
    made = pass_of(vectors["meeting"], vectors["number"])
    assert made.key.hex() == vectors["key"]
    assert made.code(vectors["at_ms"]) == vectors["code"]
    assert made.spoken(vectors["at_ms"]) == vectors["spoken"]
