"""Refusals: an answer is not taken, or a form not changed; with words for people."""

from __future__ import annotations

from api.web.declared import Declared


class UnknownPoll(Declared):
    """There is none, or the account was not asked."""

    status = 404
    words = "ballots.unknown"


class FormIsFixed(Declared):
    """A form that was opened never changes; an edit makes a new version."""

    status = 409
    words = "ballots.fixed"


class NotTaken(Declared):
    """The poll is not open, or its last day is over."""

    status = 409
    words = "ballots.not-open"


class AnsweredBefore(Declared):
    """An anonymous ballot is given once: nobody knows which one to change."""

    status = 409
    words = "ballots.answered"


class OnlyInPerson(Declared):
    """Somebody who acts for a deputy would know the deputy's ballot."""

    status = 403
    words = "ballots.in-person"


class BoxClosed(Declared):
    """The waiting ballots were sealed with another site key: the office has to put it back."""

    status = 503
    words = "ballots.box"


class NotCounted(Declared):
    """Results of an anonymous poll are there once it is closed."""

    status = 409
    words = "ballots.not-counted"
