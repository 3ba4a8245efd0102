"""Actions on the platform of judicial supervision; roles.toml says who may do them."""

from __future__ import annotations

from api.accounts.permission import Permission


class JudicialPermission(Permission):
    """One member for each thing."""

    SEE = "judicial.see"
    """Figures, hearings, matters and appraisals, as far as they concern one."""
    SUBMIT = "judicial.submit"
    """Send figures, hearings, reports and answers: of the body supervised."""
    CHECK = "judicial.check"
    """Check what bodies send, mark breaks, allot places and keep the lists: the office's."""
    DECIDE = "judicial.decide"
    """Record resolutions, opinions and evaluations, and draw closed files."""
    ATTEND = "judicial.attend"
    """Take a place at a hearing or trial, declare conflicts, comment: a deputy's."""
    APPRAISE = "judicial.appraise"
    """Open and close appraisals of duty."""
    SEE_LETTERS = "judicial.see-letters"
    """Letters and petitions without who wrote them."""
    REGISTER_LETTERS = "judicial.register-letters"
    """Register letters and petitions, pass them on, and see who wrote them."""
