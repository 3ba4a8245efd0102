"""What everybody writes of the bodies' work names nobody and no case, and says nothing of how one
should end. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from api.platforms.judicial import conclusions, free_text

_EVERYWHERE = ("why", "file", "title")


def check(given: Mapping[str, str]) -> None:
    """Hold free texts by field against both rules.

    Raises:
        TextRefused: a text names somebody or a case.
        ConclusionRefused: it says how a case should end.
    """
    free_text.check(given)
    conclusions.check(given)


def rule_of(*names: str) -> Callable[[Mapping[str, str]], None]:
    """The rule of a procedure whose needs of these names are free text, and so are the reason why
    a step is taken back, and the name and the title of a file. Numbers and hashes beside them may
    look like telephone numbers.
    """

    def rule(given: Mapping[str, str]) -> None:
        check({name: given[name] for name in (*names, *_EVERYWHERE) if name in given})

    return rule
