"""Quality flags and their causes, each in a word."""

from __future__ import annotations

from enum import IntEnum

from api.services import Services
from config.vocabulary.quality import Cause, Quality


def flags(services: Services) -> dict[int, str]:
    """Each quality flag."""
    return {flag: services.words(f"quality.{_key(flag)}") for flag in Quality}


def causes(services: Services) -> dict[int, str]:
    """Each cause of a flag."""
    return {of: cause(services, of) for of in Cause}


def cause(services: Services, found: Cause) -> str:
    """One cause."""
    return services.words(f"cause.{_key(found)}")


def _key(member: IntEnum) -> str:
    return member.name.lower().replace("_", "-")
