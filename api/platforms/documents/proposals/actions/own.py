"""The district's own facts about proposals, and texts that one may be about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from api.accounts.permission import Permission
from api.accounts.records import Account, Reach, Secrecy
from api.accounts.repositories.units import Units
from api.platforms.documents.permission import DocumentsPermission
from api.platforms.documents.proposals import repository
from api.platforms.documents.proposals.records import Offered, Own
from api.services import Services
from config.files import read_toml
from config.vocabulary.errors import Fault, FaultyInput
from config.vocabulary.time import day_of

_SHIPPED = Path(__file__).parents[1] / "data" / "proposals.toml"
_OWN = Path("documents") / "proposals.toml"
"""Below the folder of the district."""
_MOST_DAYS = 3650


@cache
def own(district: Path) -> Own:
    """The facts of the product, or of the district where it has a file.

    Raises:
        FaultyInput: the file cannot be read, or something in it does not hold.
    """
    path = district / _OWN
    path = path if path.exists() else _SHIPPED
    found = read_toml(path, "write it like that of the product")
    days, kinds = found.get("forget_identity"), found.get("entitled")
    known = isinstance(kinds, list) and all(isinstance(of, str) for of in kinds)
    if not known or not isinstance(days, int) or not 1 <= days <= _MOST_DAYS:
        remedy = f"give forget_identity of 1 to {_MOST_DAYS} days and entitled, a list of kinds"
        raise FaultyInput([Fault(path.name, "does not hold", remedy)])
    return Own(days, tuple(kinds or ()))


def bodies(services: Services) -> Mapping[str, str]:
    """Organs whose demand must be opened, by the id of the unit."""
    kinds = own(services.district).entitled
    today = day_of(services.now_ms())
    return {
        of.id: services.words.name(of.name)
        for of in Units(services.state).all()
        if of.kind in kinds and of.span.holds(today)
    }


def found(services: Services, q: str) -> Sequence[Offered]:
    """Published texts by a part of the title or the 文号."""
    with services.state.read() as connection:
        return repository.published(connection, " ".join(q.split()), day_of(services.now_ms()))


def chosen(services: Services, text: str) -> Offered | None:
    """The published text of an id."""
    number = repository.number_of(text)
    with services.state.read() as connection:
        return repository.offered(connection, number, day_of(services.now_ms()))


def as_proposer(services: Services) -> Account:
    """Whoever proposes by the page."""
    return _nobody(services.words("documents.proposals.proposer"))


def as_centre(services: Services) -> Account:
    """The centre itself, which takes the steps that nobody has to decide on."""
    review = (DocumentsPermission.SEE, DocumentsPermission.REVIEW)
    return _nobody(services.words("documents.proposals.centre"), *review)


def _nobody(name: str, *more: Permission) -> Account:
    """An account whose username is empty, which nobody's is."""
    may = frozenset({DocumentsPermission.HANDLE_PROPOSALS, *more})
    return Account("", name, reaches=(Reach(may, secrecy=Secrecy.RESTRICTED),))
