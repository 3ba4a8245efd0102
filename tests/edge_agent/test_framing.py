"""Modbus as it is sold: numbers, units and lengths that are not the question's, noise, deafness."""

from __future__ import annotations

import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from msgspec.structs import replace

from config.catalogue.shapes import Instrument, Placement
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Measured
from edge_agent.modbus.polling import Device, Failed, Line
from tests.edge_agent.conftest import Answer, Peer, be_patient, peer, reply
from tests.edge_agent.test_lines import answer as rtu_answer
from tests.edge_agent.test_modbus import CALM, Clock

READ = Measured(21.5, Cause.NORMAL)
REGISTRATION = b"REG:0012345678"


@contextmanager
def polled(
    answer: Answer, placement: Placement, make: Instrument
) -> Iterator[tuple[Device, Peer]]:
    """The agent's device and the peer that answers it."""
    with peer(answer) as found:
        here = replace(placement, port=found.port)
        line = Line(here)
        yield Device(line, here, make, Clock()), found
        line.close()


def headed(
    request: bytes, *words: int, number: int | None = None, unit: int = 7, longer: int = 0
) -> bytes:
    """An answer whose header says something else than it should."""
    whole = reply(request, *words)
    length = len(whole) - 6 + longer
    given = struct.unpack(">H", request[:2])[0] if number is None else number
    return struct.pack(">HHHB", given, 0, length, unit) + whole[7:]


def swapped(request: bytes) -> int:
    """The question's number with its bytes the other way round."""
    return int.from_bytes(request[:2], "little")


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(lambda r: headed(r, 215, number=0), id="number 0"),
        pytest.param(lambda r: headed(r, 215, number=swapped(r)), id="number swapped"),
        pytest.param(lambda r: headed(r, 215, unit=0), id="unit 0"),
        pytest.param(lambda r: headed(r, 215, unit=255), id="unit 255"),
        pytest.param(lambda r: headed(r, 215, number=0, unit=0), id="number and unit 0"),
        pytest.param(lambda r: headed(r, 215, longer=1), id="length too long"),
        pytest.param(lambda r: headed(r, 215, longer=-1), id="length too short"),
        pytest.param(lambda r: REGISTRATION + reply(r, 215), id="registration before each"),
        pytest.param(lambda r: b"\0" * 9 + reply(r, 215), id="noughts before each"),
        pytest.param(lambda r: r + reply(r, 215), id="an echo before each"),
        pytest.param(lambda r: reply(r, 215) * 2, id="each answer twice"),
        pytest.param(lambda r: reply(r, 215) + b"\0\0", id="bytes behind each"),
    ],
)
def test_given_one_question_under_way_then_its_answer_is_known_whatever_the_header_says(
    answer: Answer, make: Instrument, placement: Placement
) -> None:
    """In every round, over one connection."""
    with polled(answer, placement, make) as (device, found):
        assert [device.poll(CALM)["w01010"] for _ in range(4)] == [READ] * 4
        assert found.connections == 1


def test_given_a_device_that_answers_under_one_number_always_then_it_is_learnt(
    make: Instrument, hasty: Placement
) -> None:
    """The first answer is refused, as it might be another's; from the next on it is the device's,
    on every connection.
    """
    hangs_up = False

    def answer(request: bytes) -> bytes | None:
        return None if hangs_up else headed(request, 215, number=2)

    with polled(answer, hasty, make) as (device, found):
        assert device.poll(CALM)["w01010"] == Measured(None, Cause.DEVICE_REFUSED)
        be_patient(device)
        assert [device.poll(CALM)["w01010"] for _ in range(3)] == [READ] * 3
        hangs_up = True
        assert device.poll(CALM)["w01010"] == Measured(None, Cause.LINE_DOWN)
        hangs_up = False
        assert device.poll(CALM)["w01010"] == READ
        assert found.connections > 2


def test_given_a_device_that_counts_its_answers_by_itself_then_a_setting_reads_it(
    make: Instrument, placement: Placement
) -> None:
    """``numbers = "ignored"`` at the instrument."""
    count = 0

    def answer(request: bytes) -> bytes:
        nonlocal count
        count += 1
        return headed(request, 215, number=count)

    with polled(answer, replace(placement, numbers="ignored"), make) as (device, _):
        assert [device.poll(CALM)["w01010"] for _ in range(3)] == [READ] * 3


def test_given_a_device_that_numbers_rightly_then_nothing_of_another_number_is_its_answer(
    make: Instrument, placement: Placement
) -> None:
    """A gateway that hands out answers of its other callers, and the own one behind them."""

    def answer(request: bytes) -> bytes:
        others = [headed(request, 99, number=number) for number in (2, 0, 2)]
        return (
            reply(request, 215) if found.requests == 1 else b"".join(others) + reply(request, 215)
        )

    with polled(answer, placement, make) as (device, found):
        assert [device.poll(CALM)["w01010"] for _ in range(3)] == [READ] * 3


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(lambda r: headed(r, 215, unit=8), id="another unit"),
        pytest.param(lambda r: headed(r, 215, 215), id="another count"),
        pytest.param(lambda r: reply(r[:7] + b"\4" + r[8:], 215), id="another function"),
        pytest.param(lambda r: headed(r, 215, longer=2) + b"\0\0", id="byte count too small"),
        pytest.param(lambda r: headed(r, 215, longer=1) + b"\0", id="byte count one too small"),
    ],
)
def test_given_an_answer_to_another_question_then_it_is_refused_with_its_bytes(
    wrong: Callable[[bytes], bytes], make: Instrument, placement: Placement
) -> None:
    """At once, and the next question is answered as if nothing had been."""
    said = b""

    def answer(request: bytes) -> bytes:
        nonlocal said
        if said:
            return reply(request, 215)
        said = wrong(request)
        return said

    with polled(answer, placement, make) as (device, _):
        with pytest.raises(Failed) as failed:
            device.words(CALM)
        assert (failed.value.cause, failed.value.garbled) == (Cause.DEVICE_REFUSED, True)
        assert failed.value.came == said
        assert device.poll(CALM)["w01010"] == READ


@pytest.mark.parametrize("longer", [-1, 0, 1])
def test_given_a_refusal_under_a_wrong_length_then_its_code_is_heard(
    longer: int, make: Instrument, placement: Placement
) -> None:
    """Exception 2 of the device."""

    def answer(request: bytes) -> bytes:
        return request[:4] + struct.pack(">HBBB", 3 + longer, 7, 0x83, 2)

    with polled(answer, placement, make) as (device, _):
        with pytest.raises(Failed) as failed:
            device.words(CALM)
        assert (failed.value.cause, failed.value.code) == (Cause.DEVICE_REFUSED, 2)


@pytest.mark.parametrize("unit", [0, 255])
def test_given_a_device_that_has_its_host_for_itself_then_it_is_read_as_unit_0_and_255(
    unit: int, make: Instrument, placement: Placement
) -> None:
    """Whichever unit it calls itself."""
    asked = []

    def answer(request: bytes) -> bytes:
        asked.append(request[6])
        return headed(request, 215, unit=1)

    with polled(answer, replace(placement, unit=unit), make) as (device, _):
        assert device.poll(CALM)["w01010"] == READ
    assert asked == [unit]


def test_given_a_device_that_is_deaf_after_connecting_then_it_is_asked_again_where_it_hears(
    make: Instrument, hasty: Placement
) -> None:
    """A fresh connection would be deaf again; so a silent one is kept for a while."""

    def answer(request: bytes) -> bytes:
        deaf = found.requests % 2 == 1 and found.connections == found.requests
        return b"" if deaf else reply(request, 215)

    with polled(answer, hasty, make) as (device, found):
        assert device.poll(CALM)["w01010"] == Measured(None, Cause.TIMEOUT)
        be_patient(device)
        assert device.poll(CALM)["w01010"] == READ
        assert found.connections == 1


def test_given_a_pause_after_connecting_then_the_first_question_waits_for_it(
    make: Instrument, placement: Placement
) -> None:
    """``connect_pause_ms`` at the instrument; later questions do not wait."""
    asked_s: list[float] = []

    def answer(request: bytes) -> bytes:
        asked_s.append(time.monotonic())
        return reply(request, 215)

    begun_s = time.monotonic()
    with polled(answer, replace(placement, connect_pause_ms=200), make) as (device, _):
        assert device.poll(CALM)["w01010"] == READ
        assert device.poll(CALM)["w01010"] == READ
    assert asked_s[0] - begun_s >= 0.2


def test_given_a_late_answer_without_a_number_then_it_is_not_the_next_ones(
    make: Instrument, hasty: Placement
) -> None:
    """The connection was kept after a silence, so two questions are under way on it."""
    given_up = threading.Event()

    def answer(request: bytes) -> bytes:
        if found.requests > 1:
            return headed(request, 215, number=0)
        assert given_up.wait(20)
        return headed(request, 99, number=0)

    with polled(answer, hasty, make) as (device, found):
        assert device.poll(CALM)["w01010"] == Measured(None, Cause.TIMEOUT)
        given_up.set()
        assert device.poll(CALM)["w01010"].value in (None, 21.5)
        be_patient(device)
        assert device.poll(CALM)["w01010"] == READ


@pytest.mark.parametrize("before", [REGISTRATION, b"\7", b"\7\3\2", b"@HB@" * 3])
def test_given_a_registration_before_each_answer_of_rtu_then_the_answer_is_found(
    before: bytes, make: Instrument, placement: Placement
) -> None:
    """By unit, function, byte count and check sum."""

    def answer(request: bytes) -> bytes:
        return before + rtu_answer(request, 215)

    with polled(answer, replace(placement, line="rtu-over-tcp"), make) as (device, _):
        assert [device.poll(CALM)["w01010"] for _ in range(2)] == [READ] * 2


def test_given_noise_without_end_then_it_fills_no_memory(
    make: Instrument, placement: Placement
) -> None:
    """Megabytes before the answer."""

    def answer(request: bytes) -> bytes:
        return b"\x55" * 1_000_000 + reply(request, 215)

    with polled(answer, placement, make) as (device, _):
        assert device.poll(CALM)["w01010"] == READ
