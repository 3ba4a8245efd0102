"""Rules and what they find, in words for people."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from budget.detection.records import Finding, RuleDocument
from budget.detection.wording import sentence
from budget.persons import masked, masked_in
from config.catalogue.words import Words

PERSONS = ("payee", "payer")
"""Facts that may be a natural person's name."""
USE = "use"
"""The fact with the text of a payment's use, in which its payee may be named."""


def rule_name(words: Words, kind: str) -> str:
    """The name of the rules of a kind."""
    return words(f"budget.findings.kind-{kind}")


def in_language(words: Words, rule: RuleDocument) -> RuleDocument:
    """A rule as it is read: in English its source has the own title beside it, by which it is
    found, and what was not translated stays Chinese.
    """
    if words.language != "en" or not rule.source_en:
        return rule
    return msgspec.structs.replace(
        rule,
        source=f"{rule.source_en} ({rule.source})",
        false_alarms=rule.false_alarms_en or rule.false_alarms,
    )


def said(words: Words, finding: Finding) -> str:
    """The question that a finding is; natural persons are masked."""
    payee = str(finding.facts.get("payee", ""))
    facts = {
        name: _masked(name, value, payee) if isinstance(value, str) else value
        for name, value in finding.facts.items()
    }
    return sentence(words, replace(finding, facts=facts))


def _masked(name: str, value: str, payee: str) -> str:
    if name in PERSONS:
        return masked(value)
    return masked_in(value, payee) if name == USE else value
