"""State letters of HJ 212: the meaning of a data logger's ``-Flag``, by the profile it was built
to.

The same letter means different things in different profiles, so none is read without its profile.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from config.vocabulary.quality import Cause, Quality, quality_of, severity

Profile = Literal["2017", "2025", "water"]


class FlagSet(NamedTuple):
    """The letters of one profile, and how far they can be trusted."""

    source: str
    confidence: str
    causes: Mapping[str, Cause]


_OF_2017 = {
    "N": Cause.NORMAL,
    "F": Cause.STOPPED,
    "M": Cause.MAINTENANCE,
    "S": Cause.BY_HAND,
    "D": Cause.FAULT,
    "C": Cause.CALIBRATION,
    "T": Cause.OVER_RANGE,
    "B": Cause.LINE_DOWN,
}

FLAG_SETS: dict[Profile, FlagSet] = {
    "2017": FlagSet("HJ 212-2017", "agreed by an independent parser", _OF_2017),
    "2025": FlagSet(
        "HJ 212-2025",
        "those of 2017: no implementation that quotes the text tells of others; not read in it",
        _OF_2017,
    ),
    "water": FlagSet(
        "letters of surface-water stations",
        "seen in use, not read in HJ 1404-2024",
        {
            "N": Cause.NORMAL,
            "T": Cause.OVER_RANGE,
            "L": Cause.UNDER_RANGE,
            "D": Cause.FAULT,
            "F": Cause.LINE_DOWN,
            "B": Cause.TIMEOUT,
            "M": Cause.MAINTENANCE,
            "lr": Cause.SUPPLIES_OUT,
            "lp": Cause.SUPPLIES_OUT,
            "ls": Cause.SUPPLIES_OUT,
            "lw": Cause.NO_SAMPLE,
            "ra": Cause.CONTROL_TEST,
            "pt": Cause.CONTROL_TEST,
        },
    ),
}

NAMES_OF_2005: Mapping[str, str] = {
    "w01001": "001",
    "w01017": "010",
    "w01018": "011",
    "w21003": "060",
    "w21001": "065",
    "w21011": "101",
}
"""Code -> the name of the same matter in HJ/T 212-2005: pH, BOD5, COD, ammonia nitrogen, total
nitrogen, total phosphorus. As an operator's list has them; the text was not to hand. Those of
stack gas are left out: they are not what an air station measures.
"""


def cause_of(profile: Profile, mark: str) -> Cause:
    """The meaning of a flag for its value; the worst of several letters joined by ``/``.

    One that says that nothing was read is heard before all others. A letter that the profile does
    not know is no letter of a good value.
    """
    known = FLAG_SETS[profile].causes
    causes = [known.get(code, Cause.UNKNOWN_STATE) for code in mark.split("/")]
    return max(causes, key=_rank)


def _rank(cause: Cause) -> tuple[bool, int, bool]:
    flag = quality_of(cause)
    return flag is Quality.MISSING, severity(flag), cause is not Cause.NORMAL
