"""Frames of HJ 212 against the standard's own packets, an encoder of its own, and damage."""

from __future__ import annotations

import dataclasses
import re
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge_agent.hj212 import sm4
from edge_agent.hj212.frames import (
    MOST_BYTES,
    MOST_LENIENT_BYTES,
    Broken,
    Found,
    Frames,
    answer,
    check_sum,
)
from edge_agent.hj212.segments import Malformed, Packet, instant_ms, parse
from simulators.hj212_logger import check_sum as step_by_step
from simulators.hj212_logger import framed
from tests.conftest import examples

STANDARDS_OWN = (
    b"##0101QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;"
    b"CP=&&RtdInterval=30&&1C80\r\n"
)
REAL_TIME = (
    b"##0217QN=20260401080000000;ST=21;CN=2011;PW=123456;MN=A110000_0001;Flag=5;"
    b"CP=&&DataTime=20260401080000;w01010-Rtd=15.2,w01010-Flag=N;w01001-Rtd=7.42,w01001-Flag=N;"
    b"w01009-Rtd=8.1,w01009-Flag=N;w21003-Rtd=0.62,w21003-Flag=N&&EB01\r\n"
)
HOUR = (
    b"##0154QN=20260401090000000;ST=22;CN=2061;PW=123456;MN=A110000_0002;Flag=5;"
    b"CP=&&DataTime=20260401080000;a34004-Avg=38,a34004-Flag=N;a05024-Avg=96,a05024-Flag=N&&6300\r\n"
)
ANSWERED = (
    b"##0075QN=20260401080000000;ST=91;CN=9014;PW=123456;MN=A110000_0001;Flag=4;CP=&&&&C241\r\n"
)
OF_2025 = (
    b"##0087QN=20240601085857223;ST=32;CN=1011;PW=123456;MN=010000A8900016F000169DC0;Flag=9;"
    b"CP=&&&&2200\r\n"
)
TO_ENCRYPT = (
    "QN=20240520210700000;ST=31;CN=2051;PW=123456;MN=010000A8900016F000169DC0;Flag=9;"
    "CP=&&DataTime=20240520210600;a01011-Min=1.35,a01011-Avg=1.35,a01011-Max=1.35,a01011-Flag=N;"
    "a01014-Min=3.20,a01014-Avg=3.20,a01014-Max=3.20,a01014-Flag=N&&"
)
KEY = b"0" * 16
HEAD = "QN=20260401080000000;ST=21;CN=2011;PW=123456;MN=A1;"
VECTORS = [STANDARDS_OWN, REAL_TIME, HOUR, ANSWERED, OF_2025]


def decrypting(key: bytes = KEY) -> Frames:
    return Frames(lambda blocks: sm4.decrypt(key, blocks))


def packets(data: bytes, frames: Frames | None = None) -> list[Packet]:
    return [one for one in (frames or Frames()).feed(data) if isinstance(one, Packet)]


def reasons(data: bytes) -> set[str]:
    return {one.reason for one in Frames().feed(data) if isinstance(one, Broken)}


@pytest.mark.parametrize("frame", VECTORS)
def test_a_published_packet_is_taken(frame: bytes) -> None:
    """Length, check sum and form are right; nothing is left over."""
    (found,) = Frames().feed(frame)
    assert isinstance(found, Packet)


def test_a_packet_is_read_field_by_field() -> None:
    """The head, the bits of Flag, the groups with their fields."""
    (found,) = packets(REAL_TIME)
    assert (found.qn, found.st, found.cn, found.pw, found.mn) == (
        "20260401080000000", "21", "2011", "123456", "A110000_0001",
    )  # fmt: skip
    assert (found.wants_answer, found.version, found.pnum, found.rf) == (True, 1, None, False)
    assert found.groups()[0] == {"DataTime": "20260401080000"}
    assert found.groups()[3] == {"w01009-Rtd": "8.1", "w01009-Flag": "N"}
    assert packets(OF_2025)[0].version == 2


def test_parts_and_sending_again_are_read() -> None:
    """PNUM and PNO by their names, whatever their width; RF behind them."""
    text = f"{HEAD}Flag=11;PNUM=12;PNO=3;RF=1;CP=&&DataTime=20260401080000&&"
    (found,) = packets(framed(text))
    assert (found.pnum, found.pno, found.rf) == (12, 3, True)


def test_the_answer_is_the_published_one() -> None:
    """QN, PW and MN of the packet, ST 91, its version and no other bit in Flag."""
    (packet,) = packets(REAL_TIME)
    assert answer(packet, "9014") == ANSWERED
    (later,) = packets(OF_2025)
    assert b"CN=9013" in answer(later, "9013")
    assert b";Flag=8;" in answer(later, "9013")


@given(st.binary(max_size=MOST_BYTES))
def test_the_check_sum_is_that_of_the_annex(segment: bytes) -> None:
    """By table and step by step; the published one of the encrypted packet's plain text."""
    assert check_sum(segment) == step_by_step(segment)
    assert check_sum(TO_ENCRYPT.encode()) == 0xB541


def test_sm4_gives_what_its_standard_gives() -> None:
    """GB/T 32907, example 1 of its annex."""
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    cipher = bytes.fromhex("681edf34d206965e86b3e94f536e4246")
    assert sm4.decrypt(key, cipher) == key


def test_an_encrypted_packet_is_read_with_its_key() -> None:
    """Nine whole blocks are encrypted, the last three characters stay; length and check sum are
    those of the plain text.
    """
    frame = framed(TO_ENCRYPT, KEY)
    assert frame.startswith(b"##0234")
    assert frame.endswith(b"g=N&&B541\r\n")
    assert b"Avg" not in frame
    assert packets(frame, decrypting()) == [parse(TO_ENCRYPT.encode())]


def test_a_packet_under_another_key_or_without_one_is_no_packet() -> None:
    """With a key plain data are refused too; what is never encrypted stays readable."""
    frame = framed(TO_ENCRYPT, KEY)
    assert packets(frame) == []
    assert packets(frame, decrypting(b"1" * 16)) == []
    assert packets(framed(TO_ENCRYPT), decrypting()) == []
    assert packets(OF_2025 + ANSWERED, decrypting()) == packets(OF_2025 + ANSWERED)


@pytest.mark.parametrize("within", [b"&&", b"\r\n", b"##"])
def test_what_would_end_a_packet_may_lie_among_encrypted_bytes(within: bytes) -> None:
    """Frames are cut by the length field alone."""
    for number in count():
        text = f"{HEAD}Flag=9;CP=&&DataTime=20260401080000;w21003-Rtd={number:029d}&&"
        frame = framed(text, KEY)
        if within in frame[frame.index(b"CP=&&") + 5 : -8]:
            break
    assert packets(frame + frame, decrypting()) == [parse(text.encode())] * 2


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (REAL_TIME.replace(b"15.2", b"15.3"), "check sum"),
        (REAL_TIME.replace(b"0217", b"0216"), "ending"),
        (REAL_TIME.replace(b"0217", b"1025"), "length"),
        (REAL_TIME.replace(b"0217", b"02l7"), "length"),
        (REAL_TIME.replace(b"\r\n", b"\n\n"), "ending"),
        (framed(f"{HEAD}Flag=5;CP=&&DataTime=20260401080000&"), "ending"),
        (framed(f"{HEAD}Flag=5;CP=&&DataTime=2026\t0401&&"), "text"),
        (framed(f"{HEAD.replace('0401', '1301')}Flag=5;CP=&&&&"), "form"),
        (framed(f"{HEAD.replace('QN=', 'QN=0')}Flag=5;CP=&&&&"), "form"),
        (framed(f"{HEAD}CP=&&&&"), "form"),
        (framed(f"{HEAD}Flag=7;CP=&&&&"), "form"),
        (framed(f"{HEAD}Flag=5;PNUM=2;PNO=1;CP=&&&&"), "form"),
        (framed(f"{HEAD}Flag=7;PNUM=2;PNO=3;CP=&&&&"), "form"),
        (framed(f"{HEAD}Flag=7;PNUM=2;PNO=0;CP=&&&&"), "form"),
        (framed(f"{HEAD}Flag=5;RF=0;CP=&&&&"), "form"),
        (framed(f"{HEAD.replace('A1', 'A' * 25)}Flag=5;CP=&&&&"), "form"),
    ],
)
def test_what_is_not_of_the_form_is_no_packet(frame: bytes, reason: str) -> None:
    """Even where the check sum fits, and the reason is named."""
    assert packets(frame + b"x" * (MOST_BYTES + 12)) == []
    assert reason in reasons(frame + b"x" * (MOST_BYTES + 12))


def test_a_segment_of_1024_bytes_is_taken_and_a_longer_one_is_not() -> None:
    """The bound of the standard."""
    room = MOST_BYTES - len(f"{HEAD}Flag=5;CP=&&x=&&")
    assert len(packets(framed(f"{HEAD}Flag=5;CP=&&x={'1' * room}&&"))) == 1
    assert packets(framed(f"{HEAD}Flag=5;CP=&&x={'1' * (room + 1)}&&")) == []


@pytest.mark.parametrize(
    "cp", ["a", "a=1;;b=2", "a=1,", "a=1,a=2", "a=1;a=2", "a=b=c", "=1", "a =1"]
)
def test_fields_that_are_none_cannot_be_read(cp: str) -> None:
    """Strictly: a damaged packet may have passed the check sum."""
    (found,) = packets(framed(f"{HEAD}Flag=5;CP=&&{cp}&&"))
    with pytest.raises(Malformed):
        found.fields()


def test_a_semicolon_too_many_at_the_end_is_borne() -> None:
    """Many loggers write one."""
    (found,) = packets(framed(f"{HEAD}Flag=5;CP=&&DataTime=1;w1-Rtd=,w1-Flag=D;&&"))
    assert found.fields() == {"DataTime": "1", "w1-Rtd": "", "w1-Flag": "D"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20260401080000", 1_775_001_600_000),
        ("20240229000000", 1_709_136_000_000),
        ("20230229000000", None),
        ("20260401240000", None),
        ("2026040108000", None),
        ("2026040108000０", None),
    ],
)
def test_times_are_those_of_asia_shanghai(text: str, expected: int | None) -> None:
    """08:00 there is midnight in UTC; what no calendar holds is no time."""
    assert instant_ms(text) == expected


GARBAGE = st.binary(max_size=60) | st.sampled_from(
    [b"##", b"#", b"##0", b"##0300", REAL_TIME[:40]]
)
STREAM = st.lists(GARBAGE | st.sampled_from(VECTORS), max_size=8).map(b"".join)


@given(STREAM, st.lists(st.integers(1, 90), min_size=1))
def test_however_a_stream_is_cut_the_same_is_found(stream: bytes, steps: list[int]) -> None:
    """Every byte is part of a packet, counted as skipped, or still held."""
    whole, pieces, at = Frames(), Frames(), 0
    found = whole.feed(stream)
    cut: list[Found] = []
    for i in count():
        if at >= len(stream):
            break
        step = steps[i % len(steps)]
        cut += pieces.feed(stream[at : at + step])
        at += step
    taken = [one for one in found if isinstance(one, Packet)]
    assert [one for one in cut if isinstance(one, Packet)] == taken
    skipped = sum(one.skipped for one in found if isinstance(one, Broken))
    assert skipped == sum(one.skipped for one in cut if isinstance(one, Broken))
    sizes = {packets(frame)[0]: len(frame) for frame in VECTORS}
    assert skipped + sum(sizes[one] for one in taken) + len(whole._buffer) == len(stream)


@given(st.lists(st.tuples(GARBAGE, st.sampled_from(VECTORS)), max_size=5))
def test_after_garbage_the_way_is_found_again(pairs: list[tuple[bytes, bytes]]) -> None:
    """Once enough follows to show that a false head was none: no later than one frame's length."""
    stream = b"".join(garbage + frame for garbage, frame in pairs) + b"x" * (MOST_BYTES + 12)
    assert packets(stream) == [packets(frame)[0] for _, frame in pairs]


@settings(max_examples=examples(200))
@given(st.binary(max_size=6000) | st.binary(max_size=12).map(lambda some: some * 500))
def test_no_bytes_fill_the_memory(data: bytes) -> None:
    """It holds less than one frame, whatever it is fed with."""
    frames = Frames()
    frames.feed(data)
    assert len(frames._buffer) < MOST_BYTES + 12


def test_one_byte_changed_left_out_or_put_in_anywhere_is_always_noticed() -> None:
    """At every place and with every value: nothing is taken, or the very same packet (the case of
    a digit of the check sum; what was put in before or behind it).
    """
    (original,) = packets(OF_2025)
    for placement in range(len(OF_2025)):
        before, behind = OF_2025[:placement], OF_2025[placement + 1 :]
        assert set(packets(before + behind)) <= {original}, placement
        for byte in (bytes([value]) for value in range(256)):
            assert set(packets(before + byte + behind)) <= {original}, (placement, byte)
            assert set(packets(before + byte + OF_2025[placement:])) <= {original}, (
                placement,
                byte,
            )


def test_a_packet_cut_short_is_none() -> None:
    """At every length; read leniently the end of its line may be missing."""
    assert all(packets(REAL_TIME[:end]) == [] for end in range(len(REAL_TIME)))
    short = [end for end in range(len(REAL_TIME)) if leniently(REAL_TIME[:end])]
    assert short == [len(REAL_TIME) - 2, len(REAL_TIME) - 1]


def leniently(data: bytes) -> list[Packet]:
    return [dataclasses.replace(one, oddities=()) for one in packets(data, Frames(lenient=True))]


def test_given_one_byte_changed_left_out_or_put_in_when_read_leniently_then_it_is_noticed() -> (
    None
):
    """At every place: the length is held to, so that the check sum does not stand alone."""
    (original,) = leniently(OF_2025)
    for placement in range(len(OF_2025)):
        before, behind = OF_2025[:placement], OF_2025[placement + 1 :]
        assert set(leniently(before + behind)) <= {original}, placement
        for byte in (bytes([value]) for value in range(256)):
            assert set(leniently(before + byte + behind)) <= {original}, (placement, byte)
        for byte in (b"0", b"9", b"#", b"&", b"=", b";", b" ", b"\r", b"\n", b"A"):
            found = leniently(before + byte + OF_2025[placement:])
            assert set(found) <= {original}, (placement, byte)


@given(STREAM, st.lists(st.integers(1, 90), min_size=1))
def test_given_any_stream_when_read_leniently_then_how_it_is_cut_does_not_matter(
    stream: bytes, steps: list[int]
) -> None:
    """And it holds less than one frame."""
    whole, pieces, at, cut = Frames(lenient=True), Frames(lenient=True), 0, []
    found = packets(stream, whole)
    for i in count():
        if at >= len(stream):
            break
        cut += packets(stream[at : at + steps[i % len(steps)]], pieces)
        at += steps[i % len(steps)]
        assert len(pieces.rest) < MOST_LENIENT_BYTES + 12
    assert cut == found


MUTATION = st.tuples(st.integers(0, len(REAL_TIME) - 1), st.binary(max_size=3))


@settings(max_examples=examples(500))
@given(st.lists(MUTATION, min_size=1, max_size=4))
def test_what_passes_after_damage_has_the_form_and_check_sum_of_a_packet(
    mutations: list[tuple[int, bytes]],
) -> None:
    """Bytes replaced, left out and added. More than one changed byte may meet the check sum, once
    in 256: then the packet is what truly stands there, to the letter, and no receiver can tell.
    """
    data = bytearray(REAL_TIME)
    for placement, piece in mutations:
        data[placement : placement + 1] = piece
    for found in packets(bytes(data)):
        text = re.search(rb"##(\d{4})(QN=.*&&)(....)\r\n", bytes(data), re.DOTALL)
        assert text is not None
        assert int(text[1]) == len(text[2])
        assert int(text[3], 16) == step_by_step(text[2])
        assert found.cp == text[2].decode().partition("CP=&&")[2][:-2]
