"""A rule that was saved is the one that is judged by: whatever its kind and its figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerting.rules import documents, serialising
from alerting.rules.repository import RuleRepository
from alerting.rules.rule import Rule
from alerting.wording.sentences import Wording
from config.vocabulary.errors import Fault
from tests.api.conftest import RunningCentre
from tests.api.test_tuning_kinds import RULES, WRITTEN, wanted, written
from tests.conftest import examples

Changes = st.SearchStrategy[dict[str, Any]]


def lasting(unit: str, least: int, most: int) -> st.SearchStrategy[str]:
    """A duration as a document writes it."""
    return st.integers(least, most).map(lambda n: f"{n}{unit}")


LIMITS = st.floats(-1e6, 1e6, allow_subnormal=False)
PAUSES = lasting("s", 0, 30 * 86_400)


@st.composite
def above(draw: st.DrawFn) -> dict[str, Any]:
    """A level with a limit and an end no higher."""
    limit, clear = sorted((draw(LIMITS), draw(LIMITS)))[::-1]
    return {"above": limit, "for": draw(PAUSES), "clear": {"below": clear, "for": draw(PAUSES)}}


@st.composite
def travelling(draw: st.DrawFn) -> list[str]:
    """The fastest first."""
    return [f"{n}m" for n in sorted(draw(st.tuples(*[st.integers(1, 7 * 1440)] * 2)))]


def condition(code: str, side: str) -> Changes:
    """One of several, of an indicator on a side."""
    return st.fixed_dictionaries(
        {"indicator": st.just(code), side: LIMITS}, optional={"window": lasting("m", 1, 10_080)}
    )


def changes(level: Changes, **fields: st.SearchStrategy[Any]) -> Changes:
    """What a document says otherwise: always of its level, of the other fields as may be."""
    return st.fixed_dictionaries({"level": level}, optional=fields)


WINDOW, DAYS = lasting("m", 1, 10_080), lasting("d", 11, 400)
DRAFTS: Mapping[str, Changes] = {
    "mean": changes(above(), window=WINDOW),
    "rate": changes(above(), window=WINDOW),
    "class": changes(
        st.fixed_dictionaries({"by": st.integers(1, 5), "for": PAUSES}),
        target=st.sampled_from(["I", "II", "III", "IV", "V"]),
        averaging=st.sampled_from(["hour", "day"]),
    ),
    "trend": changes(
        st.fixed_dictionaries({"within": lasting("d", 1, 60), "for": PAUSES}),
        window=DAYS,
        limit=LIMITS,
        significance=st.floats(0.001, 0.999),
        season=st.sampled_from(["none", "week"]),
    ),
    "usual": changes(above(), window=DAYS),
    "drift": changes(
        above(),
        window=DAYS,
        cusum=st.fixed_dictionaries({"slack": st.floats(0, 100), "over": lasting("h", 1, 400)}),
    ),
    "arrival": changes(above(), window=WINDOW, travel=travelling()),
    "sewage": changes(
        st.fixed_dictionaries({"at_least": st.integers(1, 2), "for": PAUSES}),
        condition=st.tuples(condition("w21003", "above"), condition("w01009", "below")).map(list),
    ),
    "state": changes(
        st.fixed_dictionaries({"for": lasting("s", 1, 86_400)}),
        states=st.lists(
            st.sampled_from(["calibration", "maintenance", "fault"]), min_size=1, unique=True
        ),
    ),
    "absence": changes(st.fixed_dictionaries({"for": lasting("s", 1, 86_400)})),
}


@pytest.fixture(autouse=True)
def file_rules(centre: RunningCentre, tmp_path: Path) -> tuple[Rule, ...]:
    """A rule of every kind in the district's file."""
    services = centre.services
    (tmp_path / "rules.toml").write_text(RULES, encoding="utf-8")
    rules = documents.load(tmp_path / "rules.toml", services.catalogue)
    repository = RuleRepository(services.state, rules)
    wording = Wording(services.words, services.catalogue, repository.all)
    centre.services = replace(services, rule_repository=repository, wording=wording)
    return tuple(rules)


def judging(rule: Rule) -> Rule:
    """What a rule judges by: not its number, when it holds, and what stands behind a limit."""
    limits = tuple(replace(limit, basis="") for limit in rule.limits)
    return replace(rule, limits=limits, version=1, valid_from_ms=0, valid_until_ms=0)


def test_every_kind_is_saved() -> None:
    """Or the property would say less than it seems to."""
    assert DRAFTS.keys() == WRITTEN.keys()


@pytest.mark.parametrize("rule_id", DRAFTS)
@settings(max_examples=examples(20))
@given(data=st.data())
def test_a_rule_that_was_saved_is_the_one_that_is_judged_by(
    centre: RunningCentre,
    officer: httpx.Client,
    colleague: httpx.Client,
    file_rules: tuple[Rule, ...],
    rule_id: str,
    data: st.DataObject,
) -> None:
    """Read by the core, which is another process, it equals the draft, which another person
    confirmed where that is needed; so does its document.
    """
    sent = data.draw(DRAFTS[rule_id])
    draft = written(rule_id, sent)
    last = centre.services.rule_repository.versions(rule_id)[-1].rule
    # what a draft leaves out stays as it was in the version before
    look = serialising.own(draft) | {key: of for key, of in sent.items() if key != "level"}
    body = {"levels": wanted(draft), "look": look, "version": last.version, "reason": "r"}

    answer = officer.post(f"/api/v1/rules/{rule_id}/versions", json=body)

    same = judging(draft) == judging(last)
    if answer.status_code == 202:
        # laxer than the standard
        confirm = f"/api/v1/rules/{rule_id}/proposals/{answer.json()['id']}/confirm"
        assert colleague.post(confirm).status_code == 200
    else:
        assert answer.status_code == (422 if same else 201), answer.text
    core = RuleRepository(centre.services.state, file_rules)
    (held,) = (rule for rule in core.current(centre.clock.now_ms) if rule.id == rule_id)
    assert held.version == last.version + (not same)
    assert judging(held) == judging(draft)
    faults: list[Fault] = []
    read = documents.read(serialising.serialised(held), "rule", faults)
    assert (read and judging(read), faults) == (judging(draft), [])
