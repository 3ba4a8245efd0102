"""Results of an appraisal in words, in the order of the form."""

from __future__ import annotations

from collections.abc import Sequence

from api.ballots import wording as ballots
from api.ballots.box import GROUP
from api.ballots.wording import ResultLine
from api.platforms.judicial.appraisals.records import Appraisal
from config.catalogue.words import Words


def lines(words: Words, found: Appraisal) -> Sequence[ResultLine]:
    """Counts by aspect; none before the counting, and none where fewer than five voted."""
    if found.results is None or few(found):
        return []
    return ballots.result_lines(words, found.results)


def few(found: Appraisal) -> bool:
    """Whether too few have voted for anything to be shown, for ever."""
    return found.results is not None and found.poll.answered < GROUP
