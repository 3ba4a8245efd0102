"""Appraisals of duty 履职评议 of officers, each by itself, with anonymous ballots."""
