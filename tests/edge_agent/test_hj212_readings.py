"""What packets say: letters by profile, kinds of data, instants, units, and parts."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.catalogue.shapes import Logger
from config.vocabulary.data_flags import FLAG_SETS, cause_of
from config.vocabulary.quality import Cause, Quality, quality_of
from config.vocabulary.reading import Measured
from edge_agent.hj212.frames import Frames
from edge_agent.hj212.readings import MOST_OPEN, PATIENCE_S, Services, carries, read
from edge_agent.hj212.segments import Malformed, Packet
from simulators.hj212_logger import framed
from tests.conftest import examples

TIME, T_MS = "20260401080000", 1_775_001_600_000
AMMONIA = Logger("A110000_0001", "123456", "2017", 9212, "127.0.0.1", ["w21003", "w01009"])
STRICT = msgspec.structs.replace(AMMONIA, strict=True)


def placed(**changes: Any) -> Logger:
    return msgspec.structs.replace(AMMONIA, **changes)


def packet(
    cp: str, cn: str = "2011", qn: str = f"{TIME}000", part: str = "", flag: int = 5
) -> Packet:
    text = f"QN={qn};ST=21;CN={cn};PW=123456;MN=A110000_0001;Flag={flag};{part}CP=&&{cp}&&"
    (found,) = Frames().feed(framed(text))
    assert isinstance(found, Packet)
    return found


def readings_of(part: Packet, data_time: str, logger: Logger) -> dict[str, Measured]:
    """Whatever their instants."""
    samples = read(part, data_time, logger).samples
    return {code: one for sample in samples for code, one in sample.readings.items()}


def said(cp: str, **changes: Any) -> dict[str, Measured]:
    return readings_of(packet(cp), TIME, placed(**changes))


BAD, MISSING, GOOD, SUSPECT = Quality.BAD, Quality.MISSING, Quality.GOOD, Quality.SUSPECT
MEANINGS = [
    ("2017", "N", Cause.NORMAL, GOOD),
    ("2017", "F", Cause.STOPPED, BAD),
    ("2017", "M", Cause.MAINTENANCE, BAD),
    ("2017", "S", Cause.BY_HAND, GOOD),
    ("2017", "D", Cause.FAULT, BAD),
    ("2017", "C", Cause.CALIBRATION, BAD),
    ("2017", "T", Cause.OVER_RANGE, SUSPECT),
    ("2017", "B", Cause.LINE_DOWN, MISSING),
    ("water", "N", Cause.NORMAL, GOOD),
    ("water", "T", Cause.OVER_RANGE, SUSPECT),
    ("water", "L", Cause.UNDER_RANGE, GOOD),
    ("water", "D", Cause.FAULT, BAD),
    ("water", "F", Cause.LINE_DOWN, MISSING),
    ("water", "B", Cause.TIMEOUT, MISSING),
    ("water", "M", Cause.MAINTENANCE, BAD),
    ("water", "lr", Cause.SUPPLIES_OUT, BAD),
    ("water", "lp", Cause.SUPPLIES_OUT, BAD),
    ("water", "ls", Cause.SUPPLIES_OUT, BAD),
    ("water", "lw", Cause.NO_SAMPLE, BAD),
    ("water", "ra", Cause.CONTROL_TEST, BAD),
    ("water", "pt", Cause.CONTROL_TEST, BAD),
    ("water", "N/lr", Cause.SUPPLIES_OUT, BAD),
    ("water", "lr/N", Cause.SUPPLIES_OUT, BAD),
    ("water", "N/L", Cause.UNDER_RANGE, GOOD),
    ("water", "T/M", Cause.MAINTENANCE, BAD),
    ("water", "D/B", Cause.TIMEOUT, MISSING),
    ("water", "N/x", Cause.UNKNOWN_STATE, BAD),
    ("water", "C", Cause.UNKNOWN_STATE, BAD),
    ("2017", "L", Cause.UNKNOWN_STATE, BAD),
    ("2017", "lr", Cause.UNKNOWN_STATE, BAD),
    ("2017", "n", Cause.UNKNOWN_STATE, BAD),
    ("2017", "", Cause.UNKNOWN_STATE, BAD),
]


@pytest.mark.parametrize(("profile", "mark", "cause", "flag"), MEANINGS)
def test_a_letter_means_what_its_profile_says(
    profile: str, mark: str, cause: Cause, flag: Quality
) -> None:
    """Of several the worst is heard, and a letter that the profile does not know is no good one.

    Where nothing was read, what stands in the packet is no value.
    """
    found = said(f"DataTime={TIME};w21003-Rtd=0.62,w21003-Flag={mark}", profile=profile)
    value = None if flag is MISSING else 0.62
    assert found == {"w21003": Measured(value, cause)}
    assert quality_of(cause) is flag


def test_every_letter_of_every_profile_was_tried() -> None:
    """Those of 2025 are those of 2017 until its text says otherwise."""
    tried = {(profile, mark) for profile, mark, *_ in MEANINGS}
    known = {(name, mark) for name in ("2017", "water") for mark in FLAG_SETS[name].causes}  # type: ignore[index]
    assert known <= tried
    assert FLAG_SETS["2025"].causes == FLAG_SETS["2017"].causes


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("w21003-Rtd=0.62", Measured(0.62, Cause.NORMAL)),
        ("w21003-Rtd=-0.5,w21003-Flag=N", Measured(-0.5, Cause.NORMAL)),
        ("w21003-Rtd=,w21003-Flag=N", Measured(None, Cause.SENTINEL)),
        ("w21003-Rtd=--,w21003-Flag=N", Measured(None, Cause.SENTINEL)),
        ("w21003-Rtd=nan,w21003-Flag=N", Measured(None, Cause.NOT_A_NUMBER)),
        ("w21003-Rtd=1e99,w21003-Flag=N", Measured(None, Cause.NOT_A_NUMBER)),
        ("w21003-Rtd=8.,w21003-Flag=N", Measured(None, Cause.NOT_A_NUMBER)),
        ("w21003-Rtd=,w21003-Flag=D", Measured(None, Cause.FAULT)),
        ("w21003-Flag=D", Measured(None, Cause.FAULT)),
        ("w21003-Flag=N", None),
        ("w21003-Avg=0.62,w21003-Flag=N", None),
        ("w21004-Rtd=0.62,w21004-Flag=N", None),
    ],
)
def test_what_is_no_number_is_no_value(fields: str, expected: Measured | None) -> None:
    """Missing with its reason; what is not said at all is no reading."""
    assert said(f"DataTime={TIME};{fields}").get("w21003") == expected


@pytest.mark.parametrize(
    ("of", "cn", "field"),
    [("real-time", "2011", "Rtd"), ("minute", "2051", "Avg"), ("hour", "2061", "Avg")],
)
def test_one_kind_of_data_becomes_readings_and_no_other(of: str, cn: str, field: str) -> None:
    """Never two kinds in one series; of means the mean, stamped with the period's beginning."""
    logger = placed(of=of)
    cp = f"DataTime={TIME};w21003-Min=1,w21003-Max=3,w21003-Cou=9,w21003-{field}=2,w21003-Flag=N"
    kinds = {
        name for name in ("2011", "2051", "2061", "2031") if carries(packet(cp, name), logger)
    }
    assert kinds == {cn}
    (found,) = read(packet(cp, cn), TIME, logger).samples
    assert (found.taken_ms, found.readings) == (T_MS, {"w21003": Measured(2.0, Cause.NORMAL)})


def test_the_unit_is_the_placements() -> None:
    """0.58 of a logger that sends mg/m³ is 580 of an indicator in μg/m³."""
    logger = placed(codes=["a05024"], scale={"a05024": 1000})
    cp = f"DataTime={TIME};a05024-Rtd=0.58,a05024-Flag=N"
    assert readings_of(packet(cp), TIME, logger) == {"a05024": Measured(580.0, Cause.NORMAL)}


@pytest.mark.parametrize("time", ["", "20261301000000", "202604010800"])
def test_a_packet_without_a_time_cannot_be_read(time: str) -> None:
    """It would have no place in any series."""
    with pytest.raises(Malformed):
        read(packet("w21003-Rtd=1"), time, AMMONIA)
    with pytest.raises(Malformed):
        Services().take(packet("w21003-Rtd=1"), 0.0)


GOOD_CP = f"DataTime={TIME};w21003-Rtd=0.62,w21003-Flag=N;w01009-Rtd=8.1,w01009-Flag=D"
PRINTABLE = st.characters(min_codepoint=32, max_codepoint=126, exclude_characters="&")


@settings(max_examples=examples(500))
@given(
    st.lists(
        st.tuples(st.integers(0, len(GOOD_CP) - 1), st.text(PRINTABLE, max_size=3)), max_size=3
    )
)
def test_damage_that_meets_the_check_sum_gives_only_what_is_written(
    mutations: list[tuple[int, str]],
) -> None:
    """No receiver can tell it; but every value is a whole number that stands behind its name, and
    a good one stands beside no letter but a good one.
    """
    text = list(GOOD_CP)
    for placement, piece in mutations:
        text[placement] = piece
    cp = "".join(text)
    try:
        parts = Services(strict=True).take(packet(cp), 0.0)
        found = [readings_of(part, at, STRICT) for part, at in parts]
    except Malformed:
        return
    pairs = [
        pair.split("=") for group in cp.removesuffix(";").split(";") for pair in group.split(",")
    ]
    fields = {name.lower(): value for name, value in pairs}
    for one in found:
        for code, (value, cause) in one.items():
            if value is not None:
                assert value == pytest.approx(float(fields[f"{code}-rtd"]), abs=1e-9)
            mark = fields.get(f"{code}-flag", "N")
            assert (cause in (Cause.NORMAL, Cause.NOT_A_NUMBER)) <= (set(mark.split("/")) == {"N"})


def any_case(text: str) -> st.SearchStrategy[str]:
    """The same letters, small or capital."""
    pairs = [st.sampled_from((one.lower(), one.upper())) for one in text]
    return st.tuples(*pairs).map("".join)


PROFILES = st.sampled_from(tuple(FLAG_SETS))
LETTERED = st.text("NFMSDCTBLlrpswaten0123456789/ ", max_size=3)


@given(
    profile=PROFILES,
    time=any_case("DataTime"),
    value=any_case("w21003-Rtd"),
    flag=any_case("w21003-Flag"),
    mark=LETTERED,
)
def test_given_any_case_of_a_fields_name_then_it_says_what_it_says_in_the_standards_own(
    profile: str, time: str, value: str, flag: str, mark: str
) -> None:
    standard = f"DataTime={TIME};w21003-Rtd=0.62,w21003-Flag={mark}"
    written = f"{time}={TIME};{value}=0.62,{flag}={mark}"
    expected = said(standard, profile=profile)
    assert expected["w21003"].cause == cause_of(profile, mark)  # type: ignore[arg-type]
    ready = Services().take(packet(written), 0.0)
    assert [readings_of(*one, placed(profile=profile)) for one in ready] == [expected]


@given(profile=PROFILES, flag=any_case("Flag"), mark=LETTERED)
def test_given_a_mark_that_the_profile_does_not_know_then_the_value_is_not_good(
    profile: str, flag: str, mark: str
) -> None:
    """Of several letters each has to be known; none at all is no mark of a good value."""
    known = FLAG_SETS[profile].causes  # type: ignore[index]
    if set(mark.split("/")) <= set(known):
        return
    found = said(f"DataTime={TIME};w21003-Rtd=0.0,w21003-{flag}={mark}", profile=profile)
    assert quality_of(found["w21003"].cause) in (BAD, MISSING)


STRANGE = [
    "w21003-Rtd=0.0,w21003-Flg=D",
    "w21003-Rtd=0.0,w21003-Flags=N",
    "w21003-Rtd=0.0,w21003_Flag=D",
    "w21003-Rtd=0.0,w21003Flag=D",
    "w21003-Rtd=0.0,w21003-Rtd-Flag=D",
    "w21003-Rtd=0.0,w21003-State=1",
    "w21003-Rtd=0.0,w21003-mark=7",
    "w21003-Rtd=0.0,w21003-X=D",
    "w21003-Rtd=0.0,w21003-EFlag=A01",
    "w21003-Rtd=0.0,w21003-Flag=N,w21003-SFlag=D",
    "w21003-SFlag=D,w21003-Rtd=0.0,w21003-Flag=N",
    "w21003-Rtd=0.0;w21003-SFlag=D",
    "w21003-Rtd=0.0,Flag=D",
    "w21003-Rtd=0.0;Flag=D",
]


@pytest.mark.parametrize("fields", STRANGE)
@pytest.mark.parametrize("profile", FLAG_SETS)
def test_given_a_field_that_looks_like_a_mark_and_is_none_then_the_value_is_not_good(
    profile: str, fields: str
) -> None:
    found = said(f"DataTime={TIME};{fields}", profile=profile)
    assert found["w21003"] == Measured(0.0, Cause.UNKNOWN_STATE)


@pytest.mark.parametrize(
    "fields",
    [
        "w21003-Rtd=0.62",
        "w21003-SampleTime=20260401040000,w21003-Rtd=0.62,w21003-Flag=N,w21003-EFlag=A01",
        "w21003-Rtd=0.62,w21003-Flag=N,w21003-Info=abc,w21003-Unit=mg",
        "w21003-Rtd=0.62,w21003-Flag=N,w01009-Rtd=1,w01009-Flag=D",
        "w21003-Rtd=0.62,w21003-Flag=N;w01009-Rtd=1,Flag=D",
        "w21003-Rtd=0.62,w21003-Flag=N;w210031-SFlag=D;SB1-RS=D",
    ],
)
def test_given_fields_that_mark_something_else_then_the_value_stays_good(fields: str) -> None:
    """The maker's state of its device, beside the mark; another indicator's; other facilities'."""
    assert said(f"DataTime={TIME};{fields}")["w21003"] == Measured(0.62, Cause.NORMAL)


def test_given_one_field_in_two_cases_then_the_worse_mark_counts_or_nothing_is_read() -> None:
    """Strictly, nobody knows which of them counts."""
    twice = f"DataTime={TIME};w21003-Rtd=0.62,w21003-Flag=N,w21003-flag=D"
    assert said(twice) == {"w21003": Measured(0.62, Cause.FAULT)}
    with pytest.raises(Malformed, match="stands twice"):
        said(twice, strict=True)


FIRST, SECOND = "w21003-Rtd=0.62,w21003-Flag=N", "w01009-Rtd=8.1,w01009-Flag=N"


def part(cp: str, pno: int, pnum: int = 2, qn: str = f"{TIME}000") -> Packet:
    return packet(cp, part=f"PNUM={pnum};PNO={pno};", flag=7, qn=qn)


def test_a_part_with_its_own_time_is_ready_at_once() -> None:
    """In whatever order; its logger waits for the answer before it sends the next."""
    parts = Services()
    two, one = part(f"DataTime={TIME};{SECOND}", 2), part(f"DataTime={TIME};{FIRST}", 1)
    assert parts.take(two, 0.0) == [(two, TIME)]
    assert parts.take(one, 0.0) == [(one, TIME)]
    assert parts.take(one, 0.0) == [(one, TIME)]


def test_parts_without_a_time_get_that_of_their_packet() -> None:
    """Before or behind the part that has it, by QN and CN."""
    parts = Services()
    one, two, three = (
        part(f"DataTime={TIME};{FIRST}", 1, 3),
        part(SECOND, 2, 3),
        part(SECOND, 3, 3),
    )
    assert parts.take(three, 0.0) == []
    assert parts.take(part(SECOND, 2, 3, qn=f"{TIME}001"), 0.0) == []
    assert parts.take(one, 1.0) == [(three, TIME), (one, TIME)]
    assert parts.take(two, 2.0) == [(two, TIME)]


def test_a_packet_in_parts_is_forgotten_in_time_and_in_number() -> None:
    """Nothing of it was answered, so its logger sends it again."""
    parts = Services()
    opening = part(f"DataTime={TIME};{FIRST}", 1)
    parts.take(opening, 0.0)
    assert parts.take(part(SECOND, 2), PATIENCE_S + 1) == []

    parts.take(opening, 100.0)
    for number in range(MOST_OPEN):
        parts.take(part(SECOND, 2, qn=f"{TIME}{number + 1:03d}"), 100.0)
    assert parts.take(part(SECOND, 2), 100.0) == []


@pytest.mark.parametrize("end", range(1, len(FIRST)))
def test_a_part_that_may_have_been_cut_within_a_group_is_not_read(end: int) -> None:
    """8 of 8.1 would look like a value; the standard cuts between groups."""
    cut = part(f"DataTime={TIME};{FIRST[:end]}", 1)
    with pytest.raises(Malformed):
        [read(one, at, AMMONIA) for one, at in Services().take(cut, 0.0)]
