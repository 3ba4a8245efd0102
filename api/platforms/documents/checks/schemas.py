"""Requests and answers of the API of checks. Parameters and exclusions are as a document has
them.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from pydantic import BaseModel, ConfigDict, Field

from api.platforms.documents.checks.actions import Kept
from api.platforms.documents.checks.records.form import MOST_LINES, MOST_ROWS
from api.platforms.documents.checks.records.trials import SHOWN, Change, Line, Trial
from api.platforms.documents.rulebook.records import Version, complete
from api.web.forms import MOST_ID, Typed
from documents.checks.records import CheckDocument


class Strict(BaseModel):
    """Nothing is guessed, nothing passed over."""

    model_config = ConfigDict(strict=True, extra="forbid")


class Wish(Strict):
    """A check as it shall be; what is left out, of parameters too, stays as it is."""

    parameters: dict[str, Any] = {}
    exclusions: Annotated[list[dict[str, Any]], Field(max_length=MOST_ROWS)] | None = None
    false_alarms: Annotated[list[str], Field(max_length=MOST_LINES)] | None = None
    on: bool | None = None


class NewVersion(Wish):
    """To be saved behind the last ``version``, after the ``trial`` of this very draft."""

    version: Annotated[int, Field(ge=1, le=MOST_ID)]
    trial: Annotated[int, Field(ge=1, le=MOST_ID)]
    reason: Typed


class VersionState(BaseModel):
    """A version, by whom and why; that of the product has no author. One that no longer ``holds``
    is not understood by its kind any more.
    """

    version: int
    author: str
    account: str
    reason: str
    saved_ms: int
    holds: bool
    on: bool
    parameters: dict[str, Any]
    exclusions: list[dict[str, Any]]
    false_alarms: list[str]


class CheckState(BaseModel):
    """A check in force; ``last`` is the number of its newest version, behind which one saves.

    ``found`` are hits in kept texts that nothing excuses, ``excused`` the others; of the hits on
    which people said a word, ``right`` were worth a review and ``wrong`` no fault.
    """

    id: str
    kind: str
    title: str
    law: str
    clause: str
    why: str
    mark: str
    hint: bool
    on: bool
    version: int
    last: int
    parameters: dict[str, Any]
    exclusions: list[dict[str, Any]]
    false_alarms: list[str]
    found: int
    excused: int
    texts: int
    right: int
    wrong: int


class LineState(BaseModel):
    """Words of which a draft says something else."""

    change: Change
    text: int
    title: str
    article: int | None
    label: str
    words: str
    why: str
    excluded: str | None


class TrialState(BaseModel):
    """A trial as far as it went: ``texts`` of ``total``. Of each change the first lines are
    listed; ``counts`` are of all.
    """

    id: int
    check: str
    done: bool
    texts: int
    total: int
    now: int
    draft: int
    counts: dict[str, int]
    lines: list[LineState]


def check_state(kept: Kept) -> CheckState:
    """A check."""
    of = kept.check
    return CheckState(
        id=of.id,
        kind=of.kind,
        title=of.title,
        law=of.law,
        clause=of.clause,
        why=of.why,
        mark=of.mark,
        hint=of.hint,
        on=of.on,
        version=of.version,
        last=kept.last,
        parameters=complete(of),
        exclusions=_exclusions(of),
        false_alarms=list(of.false_alarms),
        found=kept.tally.found,
        excused=kept.tally.excused,
        texts=kept.tally.texts,
        right=kept.precision.faults,
        wrong=kept.precision.clear,
    )


def version_state(of: Version) -> VersionState:
    """A version."""
    check = of.document
    return VersionState(
        version=check.version,
        author=check.author,
        account=of.account,
        reason=check.reason,
        saved_ms=of.saved_ms,
        holds=of.holds,
        on=check.on,
        parameters=complete(check) if of.holds else dict(check.parameters),
        exclusions=_exclusions(check),
        false_alarms=list(check.false_alarms),
    )


def trial_state(of: Trial, lines: dict[Change, list[Line]]) -> TrialState:
    """A trial with lines of each change."""
    return TrialState(
        id=of.id,
        check=of.check,
        done=of.done,
        texts=of.texts,
        total=of.total,
        now=of.now,
        draft=of.then,
        counts=of.counts,
        lines=[_line(one) for some in lines.values() for one in some[:SHOWN]],
    )


def _line(of: Line) -> LineState:
    hit = of.hit
    return LineState(
        change=of.change,
        text=of.text,
        title=of.title,
        article=hit.article,
        label=hit.label,
        words=hit.words,
        why=hit.why,
        excluded=hit.excluded,
    )


def _exclusions(check: CheckDocument) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = msgspec.to_builtins(check.exclusions)
    return found
