"""Actions on the platform of filing and review; roles.toml says who may do them."""

from __future__ import annotations

from api.accounts.permission import Permission


class DocumentsPermission(Permission):
    """One member for each thing."""

    SEE = "documents.see"
    """Documents on file, their versions, reviews and what came of them."""
    FILE = "documents.file"
    """File documents, and answer returns and review opinions: of the maker."""
    CHECK = "documents.check"
    """Check the form, register, return and distribute: the office's."""
    REVIEW = "documents.review"
    """Review documents and write opinions."""
    DECIDE = "documents.decide"
    """Record what a meeting decided: opinions in writing, proposals to annul."""
    HANDLE_PROPOSALS = "documents.handle-proposals"
    """Citizens' proposals with who wrote them: complete, pass on, answer."""
    SEE_RULES = "documents.see-rules"
    """Checks by clause, and the table of laws."""
    SAVE_RULES = "documents.save-rules"
    """Try checks on filed documents and save them; keep the table of laws."""
