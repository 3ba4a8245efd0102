"""Links that open one event for one person."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from alerting.notify.links import Links, Opening
from config.vocabulary.time import MINUTE_MS

LINKS = Links(b"k" * 32, "https://q.example")
PEOPLE = ["chen", "li", "daibiao"]
EVENTS = st.text("0123456789abcdef", min_size=20, max_size=20)
MINUTES = st.integers(29_000_000, 33_000_000)


@given(EVENTS, st.sampled_from(PEOPLE), MINUTES)
def test_given_a_link_then_it_opens_what_it_was_made_for_and_fits_a_text_message(
    event: str, username: str, minute: int
) -> None:
    """35 characters are what a variable of a provider's template takes."""
    opening = Opening(event, username, minute * MINUTE_MS)
    token = LINKS.token(opening)
    assert LINKS.read(token, PEOPLE) == opening
    assert len(f"e/{token}") <= 35


@given(EVENTS, MINUTES, st.data())
def test_given_a_link_with_any_character_changed_then_it_opens_nothing(
    event: str, minute: int, data: st.DataObject
) -> None:
    """Nor one of another key, nor for people who are not there."""
    token = LINKS.token(Opening(event, "chen", minute * MINUTE_MS))
    at = data.draw(st.integers(0, len(token) - 2))
    other = data.draw(st.sampled_from("abcXYZ019-_").filter(lambda of: of != token[at]))
    assert LINKS.read(token[:at] + other + token[at + 1 :], PEOPLE) is None
    assert Links(b"x" * 32, "").read(token, PEOPLE) is None
    assert LINKS.read(token, ["li"]) is None


@given(st.text(max_size=60))
def test_given_anything_else_then_it_opens_nothing(text: str) -> None:
    """Whatever somebody types."""
    assert LINKS.read(text, PEOPLE) is None
