"""Find clauses of other texts that are like one, and keep the signatures that find them."""

from __future__ import annotations

import time

from api.platforms.documents.rulebook import actions as rulebook
from api.platforms.documents.rulebook.actions import UnknownHit
from api.platforms.documents.rulebook.records import engine
from api.platforms.documents.similar import repository
from api.platforms.documents.similar.records import (
    AT_LEAST,
    MOST,
    Asked,
    Match,
    Similar,
    asked_of,
    clauses_of,
    of_hit,
    signature,
)
from api.platforms.documents.similar.repository import Signed
from api.platforms.documents.texts import repository as texts
from api.services import Services
from api.shape import CoreServices
from api.web.declared import Declared
from documents.comparing.marks import runs
from documents.comparing.signatures import alike

AT_ONCE = 200
"""Texts without a signature that are signed while somebody waits."""
A_SLICE, SIGNED_S = 50, 20.0


class UnknownClause(Declared):
    """The text has no such clause."""

    status = 404
    words = "documents.similar.unknown"


def similar(
    services: Services, text: int, clause: int | None = None, hit: str | None = None
) -> Similar:
    """Clauses of all other texts that are kept, in their newest versions, that are like a clause
    of the newest version of a text, by its place from 0 on or by a hit in it.

    Raises:
        UnknownText, UnknownHit, UnknownClause
    """
    examined = rulebook.examined(services, text)
    found = asked_of(examined.document)
    asked: Asked | None = None
    if hit is not None:
        one = next((of for of in examined.hits if of.key == hit), None)
        if one is None:
            raise UnknownHit(f"text {text} has no hit {hit}")
        asked = of_hit(found, one)
    elif clause is not None:
        if clause >= len(found):
            raise UnknownClause(f"text {text} has no clause {clause}")
        asked = found[clause]
    if asked is None:
        return Similar(examined.kept, found, None, (), 0, 0)
    every, left = _signed(services)
    others = [of for of in every if of.text != text]
    matches = tuple(_matches(services, asked, others))
    return Similar(examined.kept, found, asked, matches, len(others), left)


def sign(core: CoreServices) -> None:
    """Keep signatures of newest versions that have none, slice by slice."""
    until = time.monotonic() + SIGNED_S
    while time.monotonic() < until:
        with core.state.read() as connection:
            waiting = repository.unsigned(connection, engine(), A_SLICE)
            made = [
                (version, signature(texts.document(connection, version)))
                for version, _, _ in waiting
            ]
        if not made:
            return
        with core.state.begin() as connection:
            for version, content in made:
                repository.sign(connection, version, engine(), content)
            repository.forget_older(connection)
        if len(waiting) < A_SLICE:
            return


def _signed(services: Services) -> tuple[list[Signed], int]:
    """Every text with its signature, and how many wait for one."""
    with services.state.read() as connection:
        found = list(repository.signed(connection, engine()))
        waiting = repository.unsigned(connection, engine(), AT_ONCE + 1)
        found += [
            Signed(version, text, title, signature(texts.document(connection, version)))
            for version, text, title in waiting[:AT_ONCE]
        ]
    return found, max(len(waiting) - AT_ONCE, 0)


def _matches(services: Services, asked: Asked, others: list[Signed]) -> list[Match]:
    found = alike(asked.text, [of.content for of in others], AT_LEAST, MOST)
    with services.state.read() as connection:
        documents = {
            at: clauses_of(texts.document(connection, others[at].version))
            for at in {of.signature for of in found}
        }
    matches = []
    for of in found:
        clause, other = documents[of.signature][of.position], others[of.signature]
        label = clause.article.label if clause.article else ""
        differing = runs(asked.text, clause.text)
        where = (other.text, other.title, of.position, label)
        matches.append(Match(*where, clause.text, of.likeness, differing))
    return matches
