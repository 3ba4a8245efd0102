"""Rules as documents, those that come with the product: ``data/*.toml``, a rule a file."""

from __future__ import annotations

from pathlib import Path

import msgspec

from budget.detection.kinds import KINDS
from budget.detection.records import RuleDocument
from config.files import read_toml
from config.vocabulary.errors import Fault, FaultyInput

FOLDER = Path(__file__).with_name("data")


def load(folder: Path = FOLDER) -> tuple[RuleDocument, ...]:
    """The rules of a folder, by id.

    Raises:
        FaultyInput: a file is no rule; every fault is named.
    """
    faults: list[Fault] = []
    found = []
    for path in sorted(folder.glob("*.toml")):
        try:
            rule = msgspec.convert(read_toml(path, "mend that file"), RuleDocument)
            checked(rule)
            found.append(rule)
        except msgspec.ValidationError as error:
            faults.append(Fault(path.name, str(error), "mend that field"))
        except FaultyInput as error:
            faults += error.faults
    if faults:
        raise FaultyInput(faults)
    return tuple(sorted(found, key=lambda rule: rule.id))


def checked(rule: RuleDocument) -> msgspec.Struct:
    """The rule's parameters in the shape of its kind.

    Raises:
        msgspec.ValidationError: there is no such kind, or a parameter does not hold.
    """
    if rule.kind not in KINDS:
        known = ", ".join(sorted(KINDS))
        raise msgspec.ValidationError(
            f"no such kind: {rule.kind}; there are {known} - at `$.kind`"
        )
    parameters: msgspec.Struct = msgspec.convert(rule.parameters, KINDS[rule.kind].parameters)
    return parameters
