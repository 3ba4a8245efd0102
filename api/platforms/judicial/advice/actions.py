"""Write, list, count and show procuratorial advice; pages and routes both call these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from api.accounts.records import Account, Secrecy
from api.deadlines.kept.answerable import staff
from api.platforms.judicial import unit_names
from api.platforms.judicial.advice import repository, wording
from api.platforms.judicial.advice.procedure import PROCEDURE, addressee
from api.platforms.judicial.advice.records import (
    A_PAGE,
    COUNTED,
    Asked,
    Listed,
    TopicCounts,
    topics,
)
from api.platforms.judicial.papers import Papers
from api.platforms.judicial.refusals import FieldRefused
from api.ports import Json
from api.procedures import taking
from api.procedures.ports import item_kind
from api.procedures.procedure import Row
from api.procedures.refusals import UnknownThing
from api.services import Services
from config.vocabulary.time import day_of

PAPERS = Papers(PROCEDURE)


class NobodyReplies(FieldRefused):
    """Nobody of the unit can reply: its term would have no owner."""

    words = "judicial.advice.wrong-nobody"

    def __init__(self) -> None:
        remedy = "give somebody there the role first"
        super().__init__("addressee", "", "nobody of the unit can reply", remedy)


def write(services: Services, account: Account, given: Mapping[str, str]) -> str:
    """Write advice for the procuratorate; its id.

    Args:
        services: of the site.
        account: somebody of the procuratorate.
        given: title, addressee, topic and text.

    Raises:
        StepRefused: something does not hold, or somebody else writes.
        UnknownThing: the district has no procuratorate.
        NobodyReplies
    """
    makers = _procuratorates(services)
    if not makers:
        raise UnknownThing("the district has no procuratorate that advises")
    maker = makers[0]
    with taking.acts(services, PROCEDURE, account) as acting:
        values = {
            "unit": maker,
            "maker": maker,
            "secrecy": Secrecy.OPEN,
            "written_ms": acting.at_ms,
        }
        item_id, _ = taking.begin(acting, given, **values)
        everybody = staff(acting.connection, services.roles, day_of(acting.at_ms))
        made = {"addressee": given["addressee"].strip()}
        if not everybody.who(addressee(made)):
            raise NobodyReplies
    return item_id


def may_write(services: Services, account: Account) -> bool:
    """Whether somebody sends for the procuratorate."""
    permission, makers = PROCEDURE.first.permission, _procuratorates(services)
    return any(permission in of.permissions and of.unit in makers for of in account.reaches)


def listed(services: Services, account: Account, asked: Asked) -> Listed:
    """A page of the list."""
    with services.state.read() as connection:
        found = repository.listed(connection, account, asked)
        total = None if asked.addressee else repository.count(connection, account, asked)
    return Listed(found[:A_PAGE], len(found) > A_PAGE, total)


def every(services: Services, account: Account, asked: Asked, most: int) -> Sequence[Row]:
    """All pages of a question, ``most`` rows at most."""
    whole = asked.model_copy(update={"page": 1})
    with services.state.read() as connection:
        return repository.listed(connection, account, whole, most)


def counts(services: Services, account: Account) -> Sequence[TopicCounts]:
    """All that somebody sees, by topic, in the order of the file; never by addressee."""
    with services.state.read() as connection:
        found = repository.counts(connection, account)
    none = dict.fromkeys(COUNTED, 0)
    former = sorted(found.keys() - set(topics()))
    return [TopicCounts(of, found.get(of, none)) for of in (*topics(), *former)]


def addressees(services: Services, account: Account) -> frozenset[str]:
    """Everybody to whom advice was sent that somebody sees."""
    with services.state.read() as connection:
        return repository.addressees(connection, account)


def content(services: Services, row: Row) -> Json:
    """Advice as an item for other platforms: it explains itself."""
    (line,) = wording.lines(services, [row])
    days = ("issued_day", "reply_day", "replied_day")
    return {
        "topic": line.topic,
        "from": line.maker,
        "addressee": line.addressee,
        "text": row["text"],
        **{name: row[name].isoformat() if row[name] else None for name in days},
        "reply": row["reply"],
        "effect": line.effect,
        "how": row["how"] if line.effect else None,
    }


ITEM = item_kind(PROCEDURE, content, "seen")


def _procuratorates(services: Services) -> Sequence[str]:
    """The procuratorate of the district, by id; none where it has no such unit."""
    return list(unit_names.present(services, "procuratorate"))
