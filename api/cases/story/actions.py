"""Tell the story of a case, make its report, and pack it with every frozen item."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import cast

from api import items
from api.accounts.records import Account
from api.cases import repository as cases
from api.cases.changing import audited
from api.cases.permission import CasePermission
from api.cases.procedure import PROCEDURE
from api.cases.register import actions as register
from api.cases.story import repository, telling, wording
from api.cases.story.records import KIND, OfCase, Story
from api.kinds.reports import Means, Paper, ReportKind
from api.procedures import repository as procedures
from api.procedures.procedure import Row
from api.procedures.refusals import UnknownThing
from api.reports import actions as reports
from api.reports.records import Offered, body_of
from api.reports.repository import Reports
from api.services import Services
from api.shape import Platform
from api.web.forms import NotAccepted
from config.vocabulary.errors import Fault
from config.vocabulary.time import ZONE

PACKED = "case.package"
MANIFEST = "manifest.json"


def story(
    roster: Sequence[Platform], services: Services, account: Account, item_id: str
) -> tuple[Row, Story]:
    """A case and all that came of it, as far as an account may know.

    Raises:
        UnknownThing
    """
    row = register.row_for(services, account, item_id)
    return row, telling.story_of(services, telling.parts(roster, services, account, row))


def freeze(means: Means, account: Account, chosen: OfCase) -> Paper:
    """The report of a case.

    Raises:
        NotAccepted: it is none that they keep; or nobody in particular asks, to whom nothing that
            belongs to it can be shown.
    """
    services = cast(Services, means)  # people make it, never a job
    if not account.username:
        fault = Fault("case", "is not made again by itself", "make another report")
        raise NotAccepted(fault, "again")
    with services.state.read() as connection:
        row = cases.case_to_keep(connection, account, str(chosen.case))
        if row is None:
            fault = Fault("case", "is none that you keep", "give the number of its page")
            raise NotAccepted(fault, "none")
        events = procedures.events(connection, PROCEDURE, str(row["id"]))
    parts = _parts(services, account, row)
    secrecy = register.secrecy(services, row)
    return wording.paper(
        services, wording.Facts(parts, telling.story_of(services, parts), events, secrecy)
    )


def opens(means: Means, account: Account, chosen: OfCase, paper: Paper) -> bool:
    """Whether somebody keeps the case, as secret as it is by now, and may read all that belongs to
    it by a report of it.
    """
    services = cast(Services, means)
    shown = {row[wording.HASH].value for row in paper.tables["things"].rows}
    with services.state.read() as connection:
        row = cases.case_to_keep(connection, account, str(chosen.case))
        joined = cases.joined(connection, chosen.case)
    readable = {
        of.kept.frozen.hash
        for of in joined
        if of.kept.frozen.hash in shown
        and items.readable(
            _roster(services),
            services,
            account,
            of.kept.frozen,
            own=of.kept.who == account.username,
        )
    }
    return row is not None and shown <= readable


def suggested(means: Means, account: Account) -> OfCase:
    """The newest case that somebody keeps."""
    with means.state.read() as connection:
        return OfCase(repository.newest(connection, account))


REPORT = ReportKind(
    name=KIND,
    words="cases.story.kind",
    permission=CasePermission.KEEP,
    parameters=OfCase,
    suggested=suggested,
    freeze=freeze,
    template=Path(__file__).parent / "case.docx",
    inputs={"case": "number"},
    empty=lambda means: wording.empty(means.words, means.catalogue.site.name),
    opens=opens,
)
OFFERED = Offered(PROCEDURE.platform, REPORT)


def report(services: Services, account: Account, item_id: str) -> int:
    """Make the report of a case and keep it; its id. ``services`` are those of the site.

    Raises:
        UnknownThing: it is no case that they keep.
    """
    row = _kept(services, account, item_id)
    return reports.make(services, account, OFFERED, OfCase(row["id"]))


def package(services: Services, account: Account, item_id: str) -> tuple[str, bytes]:
    """The name and the content of a zip with a new report of a case and every frozen item that
    they may read, and a manifest of the SHA-256 of each; what is hidden is counted.

    Raises:
        UnknownThing: it is no case that they keep.
        NotAccepted, Busy: see :func:`api.reports.actions.form`.
    """
    row, made = _kept(services, account, item_id), report(services, account, item_id)
    snapshot = Reports(services.state).one(account, [OFFERED], made)
    assert snapshot is not None, "it was made just now"
    parts = _parts(services, account, row)
    files = contents(
        row,
        parts,
        {
            "report.docx": reports.form(services, OFFERED, snapshot, "docx"),
            "report.json": body_of(snapshot.paper).encode(),
        },
    )
    detail = {"manifest": hashlib.sha256(files[MANIFEST]).hexdigest()}
    with services.state.begin() as connection:
        at_ms = services.now_ms()
        audited(connection, account, PACKED, f"case/{row['id']}", detail, at_ms)
    return f"{row['number']}.zip", _zipped(files, snapshot.head.made_ms)


def contents(row: Row, parts: telling.Parts, report: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of a package by name: a report, every frozen item, and their manifest."""
    files, listed = dict(report), []
    for number, (of, _) in enumerate(parts.belonging, 1):
        frozen = of.kept.frozen
        name = f"items/{number:03}-{frozen.reference.platform}-{frozen.reference.kind}.json"
        files[name] = frozen.body
        listed.append({"file": name, "why": of.why, "kept_ms": of.kept.at_ms})
    sums = {name: hashlib.sha256(of).hexdigest() for name, of in sorted(files.items())}
    manifest = {"case": row["number"], "hidden": parts.hidden, "items": listed, "sha256": sums}
    return {**files, MANIFEST: json.dumps(manifest, ensure_ascii=False, indent=1).encode()}


def _zipped(files: dict[str, bytes], made_ms: int) -> bytes:
    """The instant of making is that of every file: the same content gives the same bytes."""
    at, out = datetime.fromtimestamp(made_ms / 1000, ZONE).timetuple()[:6], io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(zipfile.ZipInfo(name, at), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _kept(services: Services, account: Account, item_id: str) -> Row:
    with services.state.read() as connection:
        row = cases.case_to_keep(connection, account, item_id)
    if row is None:
        raise UnknownThing(f"no case {item_id[:40]} that they keep")
    return row


def _parts(services: Services, account: Account, row: Row) -> telling.Parts:
    """All that papers show of a case reaches no further than the permission to keep it, which is
    kept with them; what belongs to it is asked for by permissions of its own.
    """
    reaches = tuple(of for of in account.reaches if CasePermission.KEEP in of.permissions)
    own = telling.parts(_roster(services), services, replace(account, reaches=reaches), row)
    whole = telling.parts(_roster(services), services, account, row)
    return replace(own, things=whole.things, hidden=whole.hidden)


def _roster(services: Services) -> Sequence[Platform]:
    return cast(Sequence[Platform], services.roster)
