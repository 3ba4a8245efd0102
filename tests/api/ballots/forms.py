"""Forms and answers that tests ask for, made up by hypothesis or by hand."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from api.ballots.questions import (
    QUESTION_KINDS,
    Answers,
    Condition,
    Form,
    Option,
    Question,
    Values,
    shown,
)

TEXTS = (
    st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=40)
    .map(str.strip)
    .filter(bool)
)


def question(question_id: str, kind: str = "one", **more: Any) -> Question:
    """A question with three options where its kind has any."""
    options = (
        tuple(Option(str(n), f"选项 {n}") for n in (1, 2, 3))
        if kind in ("one", "many", "ranking")
        else ()
    )
    return Question(question_id, kind, f"问题 {question_id}", options, **more)  # type: ignore[arg-type]


@st.composite
def forms(draw: st.DrawFn, most: int = 8) -> Form:
    """Questions of any kinds, with conditions that point anywhere, also forwards and at
    themselves.
    """
    names = [f"q{n}" for n in range(draw(st.integers(1, most)))]
    questions = []
    for name in names:
        kind = draw(st.sampled_from(QUESTION_KINDS))
        condition = None
        if draw(st.booleans()):
            values = draw(st.lists(st.sampled_from("1234"), min_size=1, max_size=3, unique=True))
            condition = Condition(draw(st.sampled_from(names)), tuple(values))
        required = draw(st.booleans())
        questions.append(question(name, kind, condition=condition, required=required))
    return Form("问卷", questions=tuple(questions))


@st.composite
def answers_to(draw: st.DrawFn, form: Form) -> Answers:
    """Answers that hold, of the questions that they show."""
    found: dict[str, Values] = {}
    for one in form.questions:
        if one in shown(form, found):
            found[one.id] = draw(_values(one))
    return found


def _values(one: Question) -> st.SearchStrategy[Values]:
    made: st.SearchStrategy[Values]
    if one.kind == "text":
        made = TEXTS.map(lambda of: (of,))
    elif one.kind == "ranking":
        made = st.permutations(one.values).map(tuple)
    elif one.kind == "many":
        made = st.lists(st.sampled_from(one.values), min_size=1, unique=True).map(tuple)
    else:
        made = st.sampled_from(one.values).map(lambda of: (of,))
    return made if one.required else st.one_of(st.just(()), made)
