"""A poll is opened, answered and closed; on both databases the same."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from api import audit
from api.accounts.records import Account, Clerk
from api.ballots import casting, repository
from api.ballots.box import GROUP, MOST_WAITING, Seal
from api.ballots.questions import Condition, Form
from api.ballots.refusals import (
    AnsweredBefore,
    BoxClosed,
    FormIsFixed,
    NotTaken,
    OnlyInPerson,
    UnknownPoll,
)
from api.ballots.results import results
from config.site_key import SiteKey
from config.vocabulary.errors import FaultyInput
from config.vocabulary.time import DAY_MS
from tests.api.ballots.forms import question
from tests.api.ballots.voting import closed, deputies, found, opened, said, texts
from tests.api.conftest import BOTH, RunningCentre

ROOT = Path(__file__).parents[3]
both = pytest.mark.parametrize("kind", BOTH)


@both
def test_given_ballots_one_by_one_then_they_are_written_by_five_out_of_ten_and_all_at_the_end(
    centre: RunningCentre,
) -> None:
    """Who has voted is counted at once; nobody votes twice."""
    services = centre.services
    voters = deputies(services, 17)
    poll = opened(services)
    asked = len(voters) + 3
    expected = [0] * MOST_WAITING + [5] * 5 + [10] * 3
    for n, voter in enumerate(voters):
        casting.vote(services, voter, poll.id, said(f"意见 {n}"))
        with pytest.raises(AnsweredBefore):
            casting.vote(services, voter, poll.id, said("再投一次"))
        assert len(texts(services, poll.id)) == expected[n]
        with services.state.read() as connection:
            assert repository.counts(connection, poll.id) == (asked, n + 1)
    done = closed(services, poll.id)
    assert sorted(texts(services, poll.id)) == sorted(f"意见 {n}" for n in range(17))
    assert (done.state, done.asked, done.answered) == ("closed", asked, 17)
    with pytest.raises(NotTaken):
        casting.vote(services, Account("daibiao", "陈明"), poll.id, said("晚了"))


@both
@pytest.mark.parametrize("count", [1, GROUP - 1, GROUP, MOST_WAITING])
def test_given_a_poll_is_closed_then_no_group_of_fewer_than_five_was_ever_written(
    centre: RunningCentre, count: int
) -> None:
    """Fewer than five in all stay sealed for ever."""
    services = centre.services
    voters = deputies(services, count + 2)
    poll = opened(services)
    for n, voter in enumerate(voters[:count]):
        casting.vote(services, voter, poll.id, said(f"意见 {n}"))
    done = closed(services, poll.id)
    kept = texts(services, poll.id)
    assert len(kept) == (count if count >= GROUP else 0)
    assert done.answered == count
    with services.state.read() as connection:
        written = repository.written(connection, poll.id)
    (result,) = results(poll.form, written, anonymous=True)
    assert (result.shown_to is None) == (count < GROUP)


@both
def test_given_named_answers_then_each_change_is_kept_with_the_audit_until_the_closing(
    centre: RunningCentre,
) -> None:
    """The last one counts; the ones before stay."""
    services = centre.services
    voter, clerk = Account("daibiao", "陈明"), Clerk("lianluo", "王芳")
    form = Form(
        "问卷",
        questions=(question("q1"), question("q2", condition=Condition("q1", ("2",)))),
    )
    poll = opened(services, form, design="named")
    with pytest.raises(FaultyInput, match="q2: is missing"):
        casting.respond(services, voter, poll.id, {"q1": ("2",)})
    casting.respond(services, voter, poll.id, {"q1": ("2",), "q2": ("3",)})
    acting = Account("daibiao", "陈明", clerk=clerk)
    casting.respond(services, acting, poll.id, {"q1": ("1",)})
    with services.state.read() as connection:
        (kept,) = repository.responses(connection, poll.id)
    assert (kept.number, kept.answers, kept.signed) == (2, {"q1": ("1",)}, "陈明（王芳代）")
    rows = audit.search(services.state, action="ballot.answer")
    assert [(row.who, row.on_behalf) for row in rows] == [("lianluo", "daibiao"), ("daibiao", "")]
    closed(services, poll.id)
    with pytest.raises(NotTaken):
        casting.respond(services, voter, poll.id, {"q1": ("3",)})


@both
def test_given_a_form_was_opened_then_it_never_changes_and_an_edit_is_a_new_version(
    centre: RunningCentre,
) -> None:
    """Open and closed alike; answers belong to the version that people saw."""
    services, officer = centre.services, Account("lianluo", "王芳")
    deputies(services, 5)
    poll = opened(services)
    other = Form("改过的问卷", questions=(question("q9"),))
    for _ in ("open", "closed"):
        with services.state.begin() as connection, pytest.raises(FormIsFixed):
            casting.save(services, connection, officer, replace(poll, form=other))
        assert found(services, poll.id).form == poll.form
        if poll.state == "open":
            poll = closed(services, poll.id)
    with services.state.begin() as connection:
        draft_id = casting.next_version(connection, poll, "2027-01-31")
        draft = repository.one(connection, draft_id)
        assert draft is not None
        casting.save(services, connection, officer, replace(draft, form=other))
    changed = found(services, draft_id)
    assert (changed.series, changed.version, changed.state) == (poll.id, 2, "draft")
    assert changed.hash != found(services, poll.id).hash
    (row,) = audit.search(services.state, action="ballot.form")
    assert "改过的问卷" in row.detail


def test_given_who_may_not_answer_then_nothing_is_taken(centre: RunningCentre) -> None:
    """Whoever was not asked, acts for another, or comes after the last day."""
    services = centre.services
    deputies(services, 5)
    poll = opened(services)
    with pytest.raises(UnknownPoll):
        casting.vote(services, Account("huanbao", "李岚"), poll.id, said("未被邀请"))
    acting = Account("daibiao", "陈明", clerk=Clerk("lianluo", "王芳"))
    with pytest.raises(OnlyInPerson):
        casting.vote(services, acting, poll.id, said("代填"))
    with pytest.raises(UnknownPoll):
        casting.respond(services, Account("daibiao", "陈明"), poll.id, said("记名"))
    centre.clock.now_ms += 38 * DAY_MS
    with pytest.raises(NotTaken):
        casting.vote(services, Account("daibiao", "陈明"), poll.id, said("晚了"))
    with services.state.read() as connection:
        assert repository.counts(connection, poll.id)[1] == 0


def test_given_fewer_than_five_are_asked_then_no_anonymous_poll_is_opened(
    centre: RunningCentre,
) -> None:
    """The district has three deputies: everybody would know."""
    with pytest.raises(FaultyInput, match="too small to be anonymous"):
        opened(centre.services)
    assert opened(centre.services, design="named").state == "open"


def test_given_another_site_key_then_no_ballot_is_taken_and_those_that_wait_are_not_lost(
    centre: RunningCentre,
) -> None:
    """Such as after a restore without the key: the voter is not marked either."""
    services = centre.services
    voters = deputies(services, 7)
    poll = opened(services)
    for n, voter in enumerate(voters[:3]):
        casting.vote(services, voter, poll.id, said(f"意见 {n}"))
    elsewhere = replace(services, site_key=SiteKey(b"x" * 32))
    with pytest.raises(BoxClosed, match=r"site\.key"):
        casting.vote(elsewhere, voters[3], poll.id, said("意见 3"))
    for n, voter in enumerate(voters[3:], 3):
        casting.vote(services, voter, poll.id, said(f"意见 {n}"))
    closed(services, poll.id)
    assert sorted(texts(services, poll.id)) == sorted(f"意见 {n}" for n in range(7))


def test_given_the_public_then_a_browser_answers_once(centre: RunningCentre) -> None:
    """Which tells nothing of people; nobody was written down before."""
    services = centre.services
    poll = opened(services, audience="public")
    for n in range(6):
        casting.vote_by_link(services, poll.id, f"browser-{n}", said(f"意见 {n}"))
    with pytest.raises(AnsweredBefore):
        casting.vote_by_link(services, poll.id, "browser-3", said("再来"))
    done = closed(services, poll.id)
    assert (done.answered, len(texts(services, poll.id))) == (6, 6)


def test_given_any_ballots_then_boxes_are_of_one_size_and_open_for_their_own_poll_alone() -> None:
    """Neither how many wait nor how much they say can be seen."""
    seal = Seal(b"k" * 32, 7, 100)
    every = [seal.sealed([b"a" * size] * n) for n in (0, 1, MOST_WAITING) for size in (1, 100)]
    assert len({len(box) for box in every}) == 1
    assert sorted(seal.opened(seal.sealed([b"a", b"bb"]))) == [b"a", b"bb"]
    with pytest.raises(Exception, match="another site key"):
        Seal(b"k" * 32, 8, 100).opened(every[0])
    with pytest.raises(ValueError, match="does not hold"):
        seal.sealed([b"a"] * (MOST_WAITING + 1))


VOTES_ON = """
import sys
from pathlib import Path
from types import SimpleNamespace
from api.accounts.records import Account
from api.ballots import casting
from config.settings import Settings
from config.site_key import SiteKey
from ingest.state.database import open_state
folder, poll, first = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
services = SimpleNamespace(
    state=open_state(Settings(data_dir=folder)),
    site_key=SiteKey(bytes.fromhex((folder / "site.key").read_text())),
    now_ms=lambda: int(sys.argv[4]),
)
for n in range(first, 400):
    print(n, flush=True)
    casting.vote(services, Account(f"voter-{n:03d}", ""), poll, {"q1": (f"意见 {n}",)})
    print("kept", flush=True)
"""


def test_given_the_process_is_killed_again_and_again_then_each_ballot_is_there_whose_voter_is(
    centre: RunningCentre, tmp_path: Path
) -> None:
    """Between groups and within one: a vote and its note stand or fall together."""
    services = centre.services
    deputies(services, 400)
    poll = opened(services)
    first, acknowledged = 0, set[int]()
    for kill_after in (4, 13):
        command = [sys.executable, "-c", VOTES_ON, str(tmp_path), str(poll.id), str(first)]
        with subprocess.Popen(
            [*command, str(centre.clock.now_ms)], stdout=subprocess.PIPE, text=True, cwd=ROOT
        ) as voting:
            assert voting.stdout is not None
            lines = iter(voting.stdout)
            for _ in range(kill_after):
                begun = int(next(lines))
                assert next(lines) == "kept\n"
                acknowledged.add(begun)
            next(lines)
            os.kill(voting.pid, signal.SIGKILL)
            for line in lines:
                if line == "kept\n":
                    acknowledged.add(max(acknowledged, default=first - 1) + 1)
        first = max(acknowledged) + 20
    with services.state.read() as connection:
        _, noted = repository.counts(connection, poll.id)
    closed(services, poll.id)
    kept = {int(of.removeprefix("意见 ")) for of in texts(services, poll.id)}
    assert len(kept) == noted
    assert acknowledged <= kept
