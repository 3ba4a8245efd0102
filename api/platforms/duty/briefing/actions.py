"""Documents for deputies: read, write, send the weekly message; views of confidential ones."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from itertools import pairwise

from alerting.alert import Level
from alerting.notify.entries import Entry, Note
from api.accounts.records import Account, Secrecy
from api.deadlines.kept.answerable import staff
from api.deadlines.records import Responsible
from api.files import actions as files
from api.files.repository import Attachment
from api.platforms.duty.briefing import repository
from api.platforms.duty.briefing.procedure import PROCEDURE
from api.platforms.duty.briefing.records import A_PAGE, Briefing, View
from api.platforms.duty.permission import DutyPermission
from api.ports import Item
from api.procedures import repository as procedures
from api.procedures import taking
from api.procedures.pages import Attaching
from api.procedures.procedure import Row
from api.procedures.refusals import UnknownThing
from api.services import Services, into
from api.shape import CoreServices, Platform, nothing_of_week, nothing_to_say
from api.web.asking import Askers
from api.web.language import language_for
from config.catalogue.words import Words
from config.vocabulary.time import DAY_MS, begins_ms, day_of

ATTACHING = Attaching(PROCEDURE, ("draft",), (DutyPermission.BRIEF,))
_AT_ONCE = 20
"""Messages of one transaction."""
_WEEK_WITHIN_S = 120.0
"""So long the weekly message waits for what other platforms say of a week."""


def briefing(
    askers: Askers,
    services: Services,
    account: Account,
    roster: Sequence[Platform],
    topic: str,
    page: int,
) -> Briefing:
    """A page of documents, and how things stand on the other platforms for the reader. One that
    fails, or is slow, is named, and keeps nothing else away.
    """
    found = documents(services, account, topic, page)
    questions = {
        platform.slug: partial(platform.summaries, services, account)
        for platform in roster
        if platform.slug != "duty" and platform.summaries is not nothing_to_say
    }
    answers = askers.ask_all(questions)
    summaries = [of for sentences in answers.given.values() for of in sentences]
    return replace(found, summaries=summaries, silent=answers.silent, late=answers.late)


def documents(services: Services, account: Account, topic: str, page: int) -> Briefing:
    """A page of documents alone."""
    with services.state.read() as connection:
        found, count = repository.listed(connection, account, topic, page)
    return Briefing(found, max(1, -(-count // A_PAGE)))


def document(services: Services, account: Account, item_id: str) -> Row:
    """A document that an account sees. Of a confidential one it is recorded that it was viewed.

    Raises:
        UnknownThing
    """
    with services.state.read() as connection:
        row = procedures.row_for(
            connection, PROCEDURE, item_id, account, DutyPermission.SEE_BRIEFING
        )
    if row is None:
        raise UnknownThing(f"unknown document {item_id[:40]}")
    if row["marking"] == "confidential" and row["state"] == "published":
        by, at_ms = account.actor, services.now_ms()
        view = View(row["id"], by.who, by.on_behalf, account.signed, at_ms)
        repository.views_of(services.state).add(services.state, view)
    return row


def read(services: Services, account: Account, item_id: str) -> Item | None:
    """A document as an item: files at it and programs come by here, and are recorded too."""
    try:
        row = document(services, account, item_id)
    except UnknownThing:
        return None
    content = {name: row[name] for name in ("topic", "marking", "title", "text")}
    return Item(row["title"], f"/briefing/{row['id']}", content)


def views(services: Services, document_id: int) -> Sequence[View]:
    """Who viewed a confidential document, as far as this process and the database know."""
    repository.views_of(services.state).flush(services.state)
    with services.state.read() as connection:
        return repository.views(connection, document_id)


def write(services: Services, account: Account, given: Mapping[str, str]) -> str:
    """Begin a document; its id.

    Raises:
        Incomplete, NotYours
    """
    with taking.acts(services, PROCEDURE, account) as acting:
        item_id, _ = taking.begin(acting, given, secrecy=Secrecy.RESTRICTED)
    return item_id


def edit(services: Services, account: Account, item_id: str, given: Mapping[str, str]) -> None:
    """Give a draft other words.

    Raises:
        UnknownThing, NotFromHere, Incomplete, NotYours
    """
    with taking.acts(services, PROCEDURE, account) as acting:
        taking.take(acting, item_id, "edit", given)


def attached(services: Services, row: Row) -> list[Attachment]:
    """The files at a document."""
    return files.of_subject(services, procedures.reference(PROCEDURE, str(row["id"])))


def digest(core: CoreServices) -> None:
    """The job: on the first working morning of a week each deputy is sent one message that names
    what was published since the last one, and says how the week before was on other platforms for
    this deputy; none where there is nothing of either.
    """
    now_ms = core.now_ms()
    today = date.fromisoformat(day_of(now_ms))
    week = f"{today:%G-W%V}"
    with core.state.read() as connection:
        last_week, last_ms = repository.last_digest(connection)
        if week <= last_week or not core.working_days.day(today).working:
            return
        published = repository.published_since(connection, last_ms or now_ms - 7 * DAY_MS, now_ms)
        everybody = staff(connection, core.roles, today.isoformat())
    readers = {
        of: _words(core, everybody.languages[of])
        for of in everybody.who(Responsible("", DutyPermission.WRITE))
    }
    sentences = _week(core, readers, begins_ms(today - timedelta(days=today.weekday())))
    reached = [of for of in readers if published or sentences[of]]
    for first, end in pairwise([*range(0, len(reached), _AT_ONCE), len(reached)]):
        entries = [
            _entry(core, readers[of], published, sentences[of], week, of)
            for of in reached[first:end]
        ]
        with core.state.begin() as connection:
            for entry in entries:
                core.messages.post(connection, entry)
    with core.state.begin() as connection:
        repository.note_digest(connection, week, now_ms)


def _week(
    core: CoreServices, readers: Mapping[str, Words], monday_ms: int
) -> Mapping[str, Sequence[str]]:
    """For each reader how the week before a Monday was, as other platforms say it. One that fails
    is named: its silence must not look like a week without trouble.
    """
    questions = {
        of.slug: partial(of.weekly, core, readers, monday_ms - 7 * DAY_MS, monday_ms)
        for of in core.roster
        if of.weekly is not nothing_of_week
    }
    answers = Askers().ask_all(questions, _WEEK_WITHIN_S)
    found: dict[str, list[str]] = {
        username: [
            words("duty.briefing.digest-silent", platform=words(f"{slug}.title"))
            for slug in (*answers.silent, *answers.late)
        ]
        for username, words in readers.items()
    }
    for said in answers.given.values():
        for username, sentences in said.items():
            found[username] += sentences
    return found


def _words(core: CoreServices, wished: str) -> Words:
    return into(core.acting, language_for(wished, "", core.words.language)).words


def _entry(
    core: CoreServices,
    words: Words,
    published: Sequence[Row],
    sentences: Sequence[str],
    week: str,
    reader: str,
) -> Entry:
    """Messages leave the house: only titles of public documents are in one."""
    lines = list(sentences)
    if published:
        titles = words.listed(of["title"] for of in published if of["marking"] == "public")
        lines.insert(0, words("duty.briefing.digest-text", n=len(published), titles=titles or "—"))
    key = hashlib.blake2b(f"briefing|{week}|{reader}".encode(), digest_size=10).hexdigest()
    note = Note(words("duty.briefing.digest"), "\n".join(lines), "/duty/briefing")
    return Entry(f"duty-{key}", "note", Level.NOTICE, core.now_ms(), note, reader=reader)
