"""Rules and what they find, in words for people."""

from __future__ import annotations

from dataclasses import replace

from budget.detection.records import Finding
from budget.detection.wording import sentence
from budget.persons import masked
from config.catalogue.words import Words

PERSONS = ("payee", "payer")
"""Facts that may be a natural person's name."""


def rule_name(words: Words, kind: str) -> str:
    """The name of the rules of a kind."""
    return words(f"budget.findings.kind-{kind}")


def said(words: Words, finding: Finding) -> str:
    """The question that a finding is; natural persons are masked."""
    facts = {
        name: masked(value) if name in PERSONS and isinstance(value, str) else value
        for name, value in finding.facts.items()
    }
    return sentence(words, replace(finding, facts=facts))
