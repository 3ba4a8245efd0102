"""Forms hang together or say why not; answers are read, held against them and written as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from api.ballots import answers as sheets
from api.ballots.questions import (
    MOST_SCREENS,
    Answers,
    Condition,
    Form,
    Option,
    Question,
    faults,
    screens,
    shown,
)
from tests.api.ballots.forms import answers_to, forms, question

RARELY_FITTING = settings(suppress_health_check=[HealthCheck.filter_too_much])
"""Most forms that are drawn do not hang together, and only those that do are asked about."""


def sent(form: Form, answers: Answers) -> Mapping[str, Sequence[str]]:
    """The fields of a page on which somebody gave answers."""
    found: dict[str, list[str]] = {}
    for name, value in sheets.fields(form, answers):
        found.setdefault(name, []).append(value)
    return found


@RARELY_FITTING
@given(forms())
def test_given_any_form_then_it_holds_just_if_each_condition_points_backwards_to_options(
    form: Form,
) -> None:
    """So no two questions wait for each other, however long the circle."""
    expected = True
    for at, one in enumerate(form.questions):
        if one.condition:
            earlier = {of.id: of for of in form.questions[:at]}
            asked = earlier.get(one.condition.question)
            expected &= asked is not None and asked.kind in ("one", "many", "scale")
            expected &= asked is not None and set(one.condition.values) <= set(asked.values)
    expected &= form.questions[0].condition is None
    expected &= len(screens(form)) <= MOST_SCREENS
    assert (faults(form, anonymous=False) == []) == expected


@RARELY_FITTING
@given(st.data())
def test_given_answers_that_hold_then_what_a_page_sends_is_read_as_them_and_written_as_it_is(
    data: st.DataObject,
) -> None:
    """By fields of a page, and by the bytes that are kept; none is larger than its slot."""
    form = data.draw(forms())
    assume(not faults(form, anonymous=True))
    answers = data.draw(answers_to(form))
    assert sheets.faults(form, answers) == []
    assert sheets.read(form, sent(form, answers)) == answers
    body = sheets.encoded(answers)
    assert sheets.decoded(body) == answers
    assert len(body) <= sheets.most_bytes(form)


@RARELY_FITTING
@given(st.data())
def test_given_an_earlier_answer_is_changed_then_answers_to_what_it_no_longer_shows_are_dropped(
    data: st.DataObject,
) -> None:
    """Whatever hidden fields a browser sends along, the server shows and reads the same."""
    form = data.draw(forms())
    assume(not faults(form, anonymous=True))
    fields = dict(sent(form, data.draw(answers_to(form)))) | dict(
        sent(form, data.draw(answers_to(form)))
    )
    found = sheets.read(form, fields)
    assert [one.id for one in shown(form, found)] == list(found)
    for one in form.questions:
        condition = one.condition
        if condition:
            visible = set(condition.values) & set(found.get(condition.question, ()))
            assert (one.id in found) == bool(visible)


@RARELY_FITTING
@given(forms())
def test_given_a_form_then_no_question_stands_on_the_screen_of_the_one_it_depends_on(
    form: Form,
) -> None:
    """So the pages need no script; the order stays."""
    assume(not faults(form, anonymous=False))
    found = screens(form)
    assert [one for screen in found for one in screen] == list(form.questions)
    for screen in found:
        names = {one.id for one in screen}
        assert not any(one.condition and one.condition.question in names for one in screen)


def test_given_what_does_not_hold_then_each_answer_is_named_with_its_fault() -> None:
    """Nothing is left out silently, and nothing is guessed."""
    form = Form(
        "问卷",
        questions=(
            question("a"),
            question("b", "ranking"),
            question("c", "text", longest=3),
            question("d", "scale"),
            question("e", condition=Condition("a", ("2",))),
        ),
    )
    given_answers = {"a": ("1", "2"), "b": ("1", "1", "2"), "c": ("四个字了",), "d": ("6",)}
    assert sheets.wrong(form, {**given_answers, "x": ("1",)}) == {
        "a": "several", "b": "order", "c": "long", "d": "choice", "e": "missing", "x": "unknown",
    }  # fmt: skip
    fields = {"a": ["9"], "b.1": ["1"], "b.2": ["1"], "b.3": ["x"], "c": [" \u202e\x00 "]}
    found = sheets.read(form, fields)
    assert sheets.wrong(form, found) == {
        "a": "choice", "b": "order", "d": "missing",
    }  # fmt: skip
    assert sheets.numbers_of(found["b"]) == {"1": "1", "2": "1", "3": "x"}


def test_given_an_anonymous_form_that_asks_for_much_text_then_it_is_not_opened() -> None:
    """Each ballot rewrites those that wait, which has to stay short."""
    long = tuple(question(f"t{n}", "text", longest=1000) for n in range(9))
    form = Form("问卷", questions=long)
    assert faults(form, anonymous=False) == []
    assert [of.where for of in faults(form, anonymous=True)] == ["questions"]


def test_given_options_that_repeat_then_the_question_is_named() -> None:
    """Two options of one text would be counted apart, and nobody could tell them apart."""
    twice = (Option("1", "满意"), Option("2", "满意"))
    form = Form("问卷", questions=(Question("a", "one", "总体评价", twice),))
    assert [of.where for of in faults(form, anonymous=False)] == ["a"]
