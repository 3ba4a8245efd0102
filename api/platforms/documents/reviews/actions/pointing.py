"""Points of a review: raised with the words of the text and the higher norm, found by checks, and
held against a later version.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy.engine import Connection

from api.accounts.records import Account
from api.platforms.documents.laws import repository as laws
from api.platforms.documents.permission import DocumentsPermission
from api.platforms.documents.reviews import repository
from api.platforms.documents.reviews.procedure.consultation import PROCEDURE as CONSULTATION
from api.platforms.documents.reviews.procedure.point import PROCEDURE
from api.platforms.documents.reviews.procedure.review import PROCEDURE as REVIEW
from api.platforms.documents.reviews.records import AskedPoints, Found, Held, Raised
from api.platforms.documents.rulebook import actions as rulebook
from api.platforms.documents.texts import actions as text_actions
from api.platforms.documents.texts import repository as texts
from api.platforms.documents.texts.records import paragraphs_of
from api.procedures import repository as procedures
from api.procedures import taking
from api.procedures.procedure import Given, Row
from api.procedures.refusals import NotYours, UnknownThing
from api.services import Services
from api.web.forms import NotAccepted
from config.vocabulary.errors import Fault
from documents.citing.points import points_at
from documents.citing.records import Point
from documents.laws.table import Table, contains
from documents.text.records import Document

FEWEST_SIGNS = 2
"""Of words that are cited: a single sign says nothing."""


def add(services: Services, account: Account, review: str, raised: Raised) -> int:
    """Raise a point; its id. Its words stand in the article of the version under review, which is
    checked; the higher norm is searched for in the table of laws.

    Raises:
        UnknownThing
        NotAccepted: the words stand elsewhere, or the law has no such article.
        StepRefused: see :func:`api.procedures.taking.begin`.
    """
    with taking.acts(services, PROCEDURE, account) as acting:
        row = _in_hands(services, acting.connection, account, review)
        position = _position(acting.connection, row, raised)
        given = {
            "test": raised.test,
            "label": raised.label,
            "words": raised.words,
            "law": raised.law,
            "law_article": raised.law_article,
            "why": raised.why,
            "check": raised.check,
        }
        made, _ = taking.begin(
            acting,
            given,
            review=row["id"],
            title=row["title"],
            unit=row["unit"],
            position=position,
            checked=checked(laws.table(acting.connection), raised, row["opened_day"]),
            secrecy=row["secrecy"],
        )
    return int(made)


def consult(services: Services, account: Account, review: str, given: Given) -> int:
    """Hand the text out to a committee, which is asked for its opinion; the id of the question.

    Raises:
        UnknownThing
        StepRefused: see :func:`api.procedures.taking.begin`.
    """
    with taking.acts(services, CONSULTATION, account) as acting:
        row = _in_hands(services, acting.connection, account, review)
        made, _ = taking.begin(
            acting, given, review=row["id"], title=row["title"], secrecy=row["secrecy"]
        )
    return int(made)


def checked(table: Table, raised: Raised, on: date) -> str:
    """How far the higher norm was found in a table of laws on a day; see ``CHECKED``.

    Raises:
        NotAccepted: the law has no such article, or the words name none.
    """
    point = _point(raised.law_article)
    law = table.find(raised.law)
    if law is None:
        return "none"
    if law.is_repealed(on):
        return "repealed"
    version = law.at(on)
    if version is None or point.article is None:
        return "law"
    presence = contains(version, point)
    if presence == "missing":
        what = f"{law.title} has no {raised.law_article}"
        raise NotAccepted(Fault("law_article", what, "compare the law"), "law-missing")
    return "article" if presence == "there" else "law"


def found(services: Services, row: Row) -> Sequence[Found]:
    """The places where the checks in force ask a question about the version under review, as
    points may begin, but for those that somebody judged no fault; those that a check itself
    excuses stand last.
    """
    with services.state.read() as connection:
        hits = rulebook.hits(connection, services, row["text"], row["text_version"])
    points = [
        Found(
            of.key,
            Raised("legality", of.label, of.words, of.law, of.clause, of.why, of.check),
            of.excluded,
        )
        for of in hits
        if of.judged is None or of.judged.verdict != "clear"
    ]
    return sorted(points, key=lambda of: of.excluded is not None)


def held(services: Services, row: Row, points: Sequence[Row]) -> Sequence[Held]:
    """Points beside what became of their articles in the version that is joined; none where none
    is, or the versions are too long to be compared.
    """
    if not row["joined"] or not points:
        return ()
    text, old, new = row["text"], row["text_version"], row["joined"]
    try:
        pairs = text_actions.compared(services, text, old, new).pairs
    except NotAccepted:
        return ()
    with services.state.read() as connection:
        before = [of.article for of in texts.articles(connection, text, old)]
        whole = _plain("\n".join(paragraphs_of(_document(connection, text, new))))
    became = {id(of): pair.new for of in before for pair in pairs if pair.old == of}
    shown = []
    for point in points:
        words = _plain(point["words"])
        if point["position"] is None:
            shown.append(Held(point, "", "", "", words in whole))
            continue
        article = before[point["position"]]
        after = became.get(id(article))
        text_of = after.text if after else None
        label = after.label if after else None
        stands = text_of is not None and words in _plain(text_of)
        shown.append(Held(point, article.text, label, text_of, stands))
    return shown


def listed(
    services: Services, account: Account, asked: AskedPoints
) -> tuple[Sequence[tuple[Row, Row]], int]:
    """A page of points, each with its review, and how many there are."""
    with services.state.read() as connection:
        return repository.points_listed(connection, account, asked)


def labels(services: Services, row: Row) -> Mapping[str, str]:
    """The articles of the version under review: the label, and how the article begins."""
    with services.state.read() as connection:
        articles = texts.articles(connection, row["text"], row["text_version"])
    return {of.article.label: of.article.text[:40] for of in articles}


def _in_hands(services: Services, connection: Connection, account: Account, review: str) -> Row:
    """The row of a review on which an account works.

    Raises:
        UnknownThing, NotYours
    """
    row = procedures.row_for(connection, REVIEW, review, account, REVIEW.see)
    if row is None:
        raise UnknownThing(f"unknown review {review[:40]}")
    permission = DocumentsPermission.REVIEW
    if not procedures.in_hands(connection, REVIEW, str(row["id"]), account, permission):
        roles = services.roles.having(permission)
        raise NotYours(REVIEW, REVIEW.first, roles, has=account.may(permission))
    return row


def _position(connection: Connection, row: Row, raised: Raised) -> int | None:
    """The position of the article in whose text the words stand; None of the whole text.

    Raises:
        NotAccepted: they do not.
    """
    words, label = _plain(raised.words), _plain(raised.label)
    if len(words) < FEWEST_SIGNS:
        fault = Fault("words", "are missing or short", "copy them out of the text")
        raise NotAccepted(fault, "words-missing")
    if not label:
        document = _document(connection, row["text"], row["text_version"])
        if words in _plain("\n".join((document.title, *paragraphs_of(document)))):
            return None
        fault = Fault("words", "do not stand in the text", "copy them out of it")
        raise NotAccepted(fault, "words-elsewhere")
    articles = texts.articles(connection, row["text"], row["text_version"])
    same = [of for of in articles if _plain(of.article.label) == label]
    if not same:
        fault = Fault("label", "is no article of the text", "give one as it stands, as 第八条")
        raise NotAccepted(fault, "label")
    for of in same:
        if words in _plain(of.article.text):
            return of.position
    fault = Fault("words", f"do not stand in {raised.label}", "copy them out of that article")
    raise NotAccepted(fault, "words-not-there", label=raised.label)


def _point(said: str) -> Point:
    """The article of a law that words name; without an article where there are none.

    Raises:
        NotAccepted: they name none.
    """
    if not said.strip():
        return Point()
    named, _ = points_at(said.strip(), 0)
    if not named:
        fault = Fault("law_article", "names no article", "write it as 第十六条 or 第十六条第二款")
        raise NotAccepted(fault, "law-article")
    return named[0]


def _document(connection: Connection, text: int, version: int) -> Document:
    known = texts.versions(connection, text)
    return texts.document(connection, next(of.id for of in known if of.version == version))


def _plain(said: str) -> str:
    return "".join(said.split())
