"""One bad request costs only itself: refused registers, holes, silence beside answers, a busy device."""

from __future__ import annotations

import logging
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from msgspec.structs import replace

from config.catalogue.oddities import Oddities
from config.catalogue.shapes import (
    Instrument,
    Placement,
    Register,
    StateRegister,
    Validity,
)
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Measured
from edge_agent.modbus.blocks import Block
from edge_agent.modbus.polling import Device, Line
from edge_agent.modbus.requests import Refused
from tests.edge_agent.conftest import Peer, peer, reply
from tests.edge_agent.test_modbus import CALM, Clock

Refusal = Callable[[int, int, int], int]
"""From function code, first address and count to an exception code; 0 answers."""
ROWS = [
    Register("w01010", 0, "uint16"),
    Register("w01001", 2, "uint16"),
    Register("w01009", 10, "uint16"),
    Register("w01003", 0, "uint16", function="input"),
]
MAKE = Instrument("probe", "Make", "Model", "holding", 0, "ABCD", ROWS)
GOOD = {"w01010": 100.0, "w01001": 102.0, "w01009": 110.0, "w01003": 100.0}
"""A register holds its address and a hundred more."""


@contextmanager
def refusing(
    refusal: Refusal, placement: Placement, make: Instrument = MAKE
) -> Iterator[tuple[Device, Peer, Clock]]:
    """A device that refuses what a rule says, and its agent."""

    def answer(request: bytes) -> bytes:
        code, first, count = struct.unpack(">BHH", request[7:12])
        if (refused := refusal(code, first, count)) < 0:
            return b""
        if refused:
            return request[:4] + struct.pack(">HBBB", 3, request[6], code | 0x80, refused)
        return reply(request, *range(100 + first, 100 + first + count))

    clock = Clock()
    with peer(answer) as found:
        here = replace(placement, port=found.port)
        line = Line(here)
        yield Device(line, here, make, clock), found, clock
        line.close()


def values(device: Device) -> dict[str, float | None]:
    return {code: one.value for code, one in device.poll(CALM).items()}


def touches(first: int, last: int, code: int = 2) -> Refusal:
    """Refuses every request for one of these addresses of a holding register."""
    return lambda function, at, count: code * (function == 3 and at <= last and at + count > first)


def test_given_a_refused_function_then_the_others_are_read(placement: Placement) -> None:
    """Input registers with exception 1; nothing is asked of them for a minute, and then longer."""
    with refusing(lambda code, *_: int(code == 4), placement) as (device, found, clock):
        asked = []
        for _ in range(200):
            before = found.requests
            assert values(device) == {**GOOD, "w01003": None}
            asked.append(found.requests - before)
            clock.now_s += 1.0
        assert device.poll(CALM)["w01003"] == Measured(None, Cause.DEVICE_REFUSED)
    assert [at for at, count in enumerate(asked) if count == 2] == [0, 1, 61, 181]
    assert device.refusals == [Refused(Block("input", 0, 1), 1)]


def test_given_a_hole_that_is_refused_then_all_values_are_read_and_forbidden_is_named(
    placement: Placement, caplog: pytest.LogCaptureFixture
) -> None:
    """Unmapped registers 5 to 8: from the second round on each request is a good one."""
    with (
        refusing(touches(5, 8), placement) as (device, found, _),
        caplog.at_level(logging.WARNING),
    ):
        assert values(device) == GOOD
        before = found.requests
        assert values(device) == GOOD
        assert found.requests == before + 3
        (refused,) = device.refusals
    assert (refused.block, refused.apart) == (Block("holding", 0, 11), True)
    assert refused.remedy == "write oddities.forbidden = [[3, 9]]"
    assert caplog.text.count("forbidden = [[3, 9]]") == 1


def test_given_one_refused_register_among_good_ones_then_it_alone_is_missing(
    placement: Placement,
) -> None:
    """With its own exception; and the group around it is no finding of its own."""
    with refusing(touches(2, 2, 4), placement) as (device, *_):
        for _ in range(3):
            assert values(device) == {**GOOD, "w01001": None}
        assert device.refusals == [Refused(Block("holding", 2, 1), 4)]


def test_given_a_device_that_answers_few_registers_at_once_then_they_are_asked_for_apart(
    placement: Placement,
) -> None:
    """Exception 3; where nothing lies between the values, most_registers is named."""
    rows = [Register(code, 2 * at, "uint32") for at, code in enumerate(list(GOOD)[:4])]
    make = replace(MAKE, registers=rows)
    few: Refusal = lambda _, __, count: 3 * (count > 4)  # noqa: E731
    with refusing(few, placement, make) as (device, *_):
        assert None not in values(device).values()
        (refused,) = device.refusals
    assert refused.remedy == "write oddities.most_registers below 8"


def test_given_a_refusal_that_ends_then_the_values_are_read_together_again(
    placement: Placement,
) -> None:
    """A device that starts up refuses everything for a while."""
    ready = False
    with refusing(lambda *_: 0 if ready else 2, placement) as (device, found, clock):
        for _ in range(3):
            assert set(values(device).values()) == {None}
        ready = True
        for _ in range(3):
            clock.now_s += 61.0
            found_now = values(device)
        assert found_now == GOOD
        before = found.requests
        assert values(device) == GOOD
        assert found.requests == before + 2
        assert device.refusals == []


def test_given_a_group_that_is_silent_then_the_others_are_read(hasty: Placement) -> None:
    """Its time-out is paid once a minute at last."""
    with refusing(lambda code, *_: -(code == 3), hasty) as (device, _, clock):
        assert set(values(device).values()) == {None}
        rounds = []
        for _ in range(4):
            clock.now_s += 1.0
            rounds.append(values(device))
    assert rounds == [{**dict.fromkeys(GOOD), "w01003": 100.0}] * 4


def test_given_a_busy_device_then_it_is_asked_again_within_the_round(placement: Placement) -> None:
    """Exception 6 two times of three."""
    with refusing(lambda *_: 6 * (found.requests % 3 > 0), placement) as (device, found, _):
        for _ in range(2):
            assert values(device) == GOOD


def test_given_a_device_that_stays_busy_then_it_does_not_rest_as_if_dead(
    placement: Placement,
) -> None:
    """Nothing is known against its registers either."""
    busy = True
    with refusing(lambda *_: 6 * busy, replace(placement, timeout_ms=100)) as (device, *_):
        for _ in range(3):
            assert device.poll(CALM)["w01010"] == Measured(None, Cause.DEVICE_REFUSED)
        busy = False
        assert values(device) == GOOD
        assert device.refusals == []


def test_given_a_status_or_a_state_that_is_refused_then_no_value_is_lost_and_none_is_normal(
    placement: Placement,
) -> None:
    """It is not known whether they hold."""
    rows = [Register("w01010", 0, "uint16"), Register("w01001", 1, "uint16")]
    states = StateRegister(40, {"0": "normal"})
    stated = replace(MAKE, registers=rows, state=states)
    held = [replace(rows[0], valid=Validity(40, bit=0)), rows[1]]
    for make, causes in (
        (stated, [Cause.UNKNOWN_STATE, Cause.UNKNOWN_STATE]),
        (replace(MAKE, registers=held), [Cause.UNKNOWN_STATE, Cause.NORMAL]),
    ):
        with refusing(touches(40, 40), placement, make) as (device, *_):
            found = device.poll(CALM)
        assert [one.value for one in found.values()] == [100.0, 101.0]
        assert [one.cause for one in found.values()] == causes


def test_given_forbidden_registers_then_a_split_never_reads_them(placement: Placement) -> None:
    """Whatever is refused beside them."""
    make = replace(MAKE, oddities=Oddities(forbidden=[(1, 1)]))
    asked: list[tuple[int, int]] = []

    def refusal(code: int, first: int, count: int) -> int:
        if code == 3:
            asked.append((first, count))
        return 2 * (count > 1)

    with refusing(refusal, placement, make) as (device, *_):
        assert values(device) == GOOD
    assert all(not first <= 1 < first + count for first, count in asked)


def test_given_registers_that_all_stand_still_then_the_values_are_doubted_until_one_moves(
    placement: Placement,
) -> None:
    """Each by itself may; a gateway that repeats what it read last keeps all of them."""
    moved = 0

    def answer(request: bytes) -> bytes:
        first, count = struct.unpack(">HH", request[8:12])
        return reply(request, *(100 + moved * (at == 10) for at in range(first, first + count)))

    clock, make = Clock(), replace(MAKE, oddities=Oddities(still_minutes=60))
    with peer(answer) as found:
        here = replace(placement, port=found.port)
        line = Line(here)
        device = Device(line, here, make, clock)
        causes = []
        for minute in range(200):
            moved = min(minute, 70)
            causes.append({one.cause for one in device.poll(CALM).values()})
            clock.now_s += 60.0
        assert causes == [{Cause.NORMAL}] * 130 + [{Cause.STANDING_STILL}] * 70
        moved = 71
        assert {one.cause for one in device.poll(CALM).values()} == {Cause.NORMAL}
        line.close()
