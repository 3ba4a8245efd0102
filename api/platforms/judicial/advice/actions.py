"""Write, list, count and show procuratorial advice; pages and routes both call these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.datastructures import UploadFile

from api.accounts.records import Account, Secrecy, Unit
from api.accounts.repositories.units import Units
from api.deadlines.kept.answerable import staff
from api.files import actions as files
from api.files.repository import Attachment
from api.platforms.judicial import free_text
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
from api.ports import Json, Todo
from api.procedures import repository as procedures
from api.procedures import taking
from api.procedures.part import Part, part_of
from api.procedures.ports import item_kind
from api.procedures.ports import todos as todos_of
from api.procedures.procedure import Row
from api.procedures.refusals import NotFromHere, StepRefused
from api.services import Services
from config.catalogue.words import Words
from config.vocabulary.time import day_of


class NobodyReplies(StepRefused):
    """Nobody of the unit can reply: its term would have no owner."""

    status = 422
    words = "judicial.advice.wrong-nobody"

    def __init__(self) -> None:
        fault = "nobody of the unit can reply; give somebody there the role first"
        super().__init__(f"addressee: {fault}", field="addressee")

    def wrong(self, words: Words) -> Mapping[str, str]:
        """At its field."""
        return {"addressee": self.said(words)}


def write(services: Services, account: Account, given: Mapping[str, str]) -> str:
    """Write advice for the procuratorate; its id.

    Args:
        services: of the site.
        account: somebody of the procuratorate.
        given: title, addressee, topic and text.

    Raises:
        StepRefused: something does not hold, or somebody else writes.
        NobodyReplies
    """
    maker = _procuratorate(services)
    with taking.acts(services, PROCEDURE, account) as acting:
        values = {
            "unit": maker.id,
            "maker": maker.id,
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
    permission, maker = PROCEDURE.first.permission, _procuratorate(services).id
    return any(permission in of.permissions and of.unit == maker for of in account.reaches)


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


def papers(services: Services, row: Row) -> Sequence[Attachment]:
    """The papers at advice."""
    return files.of_subject(services, procedures.reference(PROCEDURE, str(row["id"])))


def may_attach(part: Part) -> bool:
    """Whether it is the turn of the reader, in whose hands it is."""
    return any(of.own for of in part.following)


def attach(
    services: Services, account: Account, item_id: str, upload: UploadFile, title: str = ""
) -> int:
    """Put a paper to advice of which it is somebody's turn; its id. The same content once more is
    the one that is there.

    Raises:
        UnknownThing, NotFromHere, FileRefused
        TextRefused: its name or title names somebody or a case.
    """
    part = part_of(services, account, PROCEDURE, item_id)
    if not may_attach(part):
        against = next((of.against for of in part.following if of.against), None)
        raise against or NotFromHere(PROCEDURE, PROCEDURE.by_name["reply"], part.row["state"])
    free_text.check({"file": upload.filename or "", "title": title})
    subject = procedures.reference(PROCEDURE, str(part.row["id"]))
    stored = files.receiver(services).received(upload.filename or "", upload.file)
    for one in papers(services, part.row):
        if one.sha256 == stored.sha256:
            return one.id
    with services.state.begin() as connection:
        made = files.attach_stored(services, connection, account, subject, stored, title)
    if stored.verdict.scan == "infected":
        files.tell_infected(services, made)
    return made


def todos(services: Services, account: Account) -> list[Todo]:
    """Advice whose next step is somebody's; whoever checked an effect does not confirm it."""
    with services.state.read() as connection:
        own = repository.checked_by(connection, {account.username, account.actor.who})
    paths = {PROCEDURE.path({"id": of}) for of in own}
    return [of for of in todos_of(services, account, PROCEDURE) if of.path not in paths]


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


def _procuratorate(services: Services) -> Unit:
    """The procuratorate of the district."""
    today = day_of(services.now_ms())
    found = (of for of in Units(services.state).all() if of.kind == "procuratorate")
    return next(of for of in found if of.span.holds(today))
