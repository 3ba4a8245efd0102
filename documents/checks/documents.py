"""Checks as documents: those that come with the product, and those that people save."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec

from config.vocabulary.errors import Fault, FaultyInput
from documents.checks.kinds import KINDS
from documents.checks.records import CheckDocument

FOLDER = Path(__file__).with_name("data")


def load(folder: Path = FOLDER) -> tuple[CheckDocument, ...]:
    """The checks of a folder, by id.

    Raises:
        FaultyInput: a file is no check; every fault is named.
    """
    faults: list[Fault] = []
    found: list[CheckDocument] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            found.append(parse(path.read_text(encoding="utf-8"), path.name))
        except FaultyInput as error:
            faults += error.faults
    if faults:
        raise FaultyInput(faults)
    return tuple(sorted(found, key=lambda check: check.id))


def parse(text: str, where: str) -> CheckDocument:
    """The check in a TOML text; ``where`` names it in faults.

    Raises:
        FaultyInput: it is no TOML, a field is missing or wrong, or a phrase does not hold.
    """
    try:
        check = msgspec.convert(tomllib.loads(text), CheckDocument)
        parameters_of(check)
    except tomllib.TOMLDecodeError as error:
        raise FaultyInput([Fault(where, f"is not TOML: {error}", "mend that line")]) from error
    except (msgspec.ValidationError, ValueError) as error:
        raise FaultyInput([Fault(where, str(error), "mend that field")]) from error
    return check


def serialised(check: CheckDocument) -> bytes:
    """A check as JSON, as versions of it are kept."""
    return msgspec.json.encode(check)


def deserialised(content: bytes) -> CheckDocument:
    """The check in what ``serialised`` wrote.

    Raises:
        FaultyInput: a field is missing or wrong, or a phrase does not hold.
    """
    try:
        check = msgspec.json.decode(content, type=CheckDocument)
        parameters_of(check)
    except (msgspec.MsgspecError, ValueError) as error:
        raise FaultyInput([Fault("check", str(error), "mend that field")]) from error
    return check


def parameters_of(check: CheckDocument) -> msgspec.Struct:
    """The check's parameters in the shape of its kind.

    Raises:
        ValueError: there is no such kind, or a parameter or a phrase does not hold.
    """
    if check.kind not in KINDS:
        raise ValueError(f"no such kind: {check.kind}; there are {', '.join(sorted(KINDS))}")
    kind = KINDS[check.kind]
    parameters: msgspec.Struct = msgspec.convert(check.parameters, kind.parameters)
    kind.verify(parameters, check.exclusions)
    return parameters
