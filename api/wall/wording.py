"""Numbers of the wall in words."""

from __future__ import annotations

from api.ports import Figure
from api.wall.records import Board
from config.catalogue.words import Words


def number(words: Words, figure: Figure) -> str:
    """As many as there are; of a low count that stays hidden only below how many it is."""
    if figure.number is None:
        return words("wall.fewer", least=figure.least)
    return str(figure.number)


def unit(words: Words, figure: Figure) -> str:
    """That is counted."""
    return words(figure.unit, n=figure.least if figure.number is None else figure.number)


def state(words: Words, board: Board) -> str:
    """How the stations stand, in one sentence: never calm while something is unknown."""
    if board.tone == "calm":
        return words("wall.calm")
    parts = []
    if board.polluted:
        parts.append(words("wall.polluted", n=board.polluted))
    elif board.alert_count:
        parts.append(words("wall.standing", n=board.alert_count))
    if board.unknown:
        parts.append(words("wall.unknown", n=board.unknown))
    return words.clauses(parts)
