"""The links on the page of a text: how it was filed, what checks ask, reviews and proposals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from api.accounts.records import Account
from api.platforms.documents.filings import repository as filings
from api.platforms.documents.filings import wording as filing_wording
from api.platforms.documents.filings.procedure.filing import PROCEDURE as FILING
from api.platforms.documents.permission import DocumentsPermission
from api.platforms.documents.proposals import repository as proposals
from api.platforms.documents.proposals.records import Asked as AskedProposals
from api.platforms.documents.reviews import repository as reviews
from api.platforms.documents.reviews.records import Asked as AskedReviews
from api.platforms.documents.rulebook import actions as rulebook
from api.platforms.documents.texts.records import Kept, Link
from api.procedures import repository as procedures
from api.services import Services


def links(services: Services, account: Account, kept: Kept, version: int) -> Sequence[Link]:
    """Links to other rooms' parts of a text in a version, as far as an account may see them."""
    return list(_links(services, account, kept, version))


def _links(services: Services, account: Account, kept: Kept, version: int) -> Iterator[Link]:
    t, text = services.words, kept.id
    with services.state.read() as connection:
        entry = filings.entry_of_text(connection, text, version)
        see = DocumentsPermission.SEE
        if entry and procedures.row_for(connection, FILING, str(entry.filing), account, see):
            said = t(
                "documents.texts.link-filing", number=filing_wording.register_number(t, entry)
            )
            yield Link(said, f"/filings/{entry.filing}")
        if account.may(DocumentsPermission.SEE_RULES):
            hits = rulebook.hits(connection, services, text, version)
            asking = [of for of in hits if of.excluded is None]
            open_ = [of for of in asking if of.judged is None or of.judged.verdict != "clear"]
            path = f"/texts/{text}/checks" + (
                f"?version={version}" if version != kept.version else ""
            )
            yield Link(t("documents.texts.link-checks", n=len(open_)), path)
        many = reviews.counted(connection, account, AskedReviews(text=text))
        yield Link(t("documents.texts.link-reviews", n=many), f"/reviews?text={text}")
        if account.may(DocumentsPermission.HANDLE_PROPOSALS):
            asked = AskedProposals(show="all", text=text)
            number = proposals.count(connection, account, asked)
            yield Link(
                t("documents.texts.link-proposals", n=number), f"/proposals?{asked.query()}"
            )
