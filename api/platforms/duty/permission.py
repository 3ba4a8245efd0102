"""Actions on the platform of deputy duty work; roles.toml says who may do them."""

from __future__ import annotations

from api.accounts.permission import Permission


class DutyPermission(Permission):
    """One member for each thing."""

    SEE = "duty.see"
    """Suggestions and motions, as far as they concern one."""
    WRITE = "duty.write"
    """Write, sign and submit suggestions and motions, and rate what was answered: a deputy's."""
    CHECK = "duty.check"
    """Check, number and assign them, and decide on returns: the office's."""
    DECIDE = "duty.decide"
    """Decide for the deputies' work committee: second returns, key supervision, broken promises,
    and the second hand of a release.
    """
    HANDLE = "duty.handle"
    """Sign for, contact, answer and promise: of the unit that a suggestion was assigned to."""
    RELEASE = "duty.release"
    """Prepare what is made public."""
    SEE_DEPUTIES = "duty.see-deputies"
    MANAGE_DEPUTIES = "duty.manage-deputies"
    """The register of deputies, constituencies and terms."""
    ATTEND = "duty.attend"
    """Be invited, answer and sign in: whoever is a member of meetings."""
    CONVENE = "duty.convene"
    """Notices, meetings and activities: make them, approve leave, keep the list."""
    TAKE_PART = "duty.take-part"
    """Answer surveys."""
    SURVEY = "duty.survey"
    """Make surveys, open and close them, and see what came of them."""
    SEE_RECORDS = "duty.see-records"
    """One's own duty record; with VERIFY those of all."""
    VERIFY = "duty.verify"
    """Verify facts of duty records, and enter those that happened elsewhere."""
    SEE_BRIEFING = "duty.see-briefing"
    """Documents and figures for deputies."""
    BRIEF = "duty.brief"
    """Put them there."""
    SEE_OPINIONS = "duty.see-opinions"
    """Opinions that voters wrote to oneself; with FORWARD_OPINIONS those to all deputies."""
    ANSWER_VOTERS = "duty.answer-voters"
    """Answer them, or make suggestions of them."""
    FORWARD_OPINIONS = "duty.forward-opinions"
    """Enter opinions that came on paper, and pass them to 12345 or to another deputy: the
    office's.
    """
    SEE_STATISTICS = "duty.see-statistics"
