"""The lines of the menu of cases."""

from __future__ import annotations

from api.cases.permission import CasePermission
from api.shape import Entry

MENU = (
    Entry("cases.title", "/", "scroll", CasePermission.SEE),
    Entry("cases.questions.title", "/questions", "flag", CasePermission.SEE),
    Entry("cases.views.title", "/views", "pulse", CasePermission.SEE),
)
