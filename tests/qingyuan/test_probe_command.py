"""`qingyuan probe` before real instruments: what it finds, and what it says to try next."""

from __future__ import annotations

import asyncio
import re
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from config.catalogue.shapes import Catalogue, Instrument, Placement, Register
from config.vocabulary.errors import FaultyInput
from qingyuan.commands.station import probe
from simulators import instruments, lines
from tests.conftest import free_port
from tests.edge_agent.conftest import PATIENT_MS, SHORT_MS, peer, reply
from tests.edge_agent.test_lines import answer, pty_peer

SHOWN = {"w01001": 7.42, "w01010": 21.5, "w01009": 8.31, "w01014": 1.0}


@contextmanager
def served(placement: Placement, makes: dict[int, Instrument]) -> Iterator[None]:
    """Makes at their units on a line, each value as its display shows it."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def call(work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result(60)

    devices = [
        instruments.device(replace(placement, unit=unit), make, lambda code: SHOWN.get(code, 3.0))
        for unit, make in makes.items()
    ]
    line = call(lines.serve(placement, devices))
    try:
        yield
    finally:
        call(line.shutdown())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def make(first: int = 1, word_order: str = "CDAB", function: str = "holding") -> Instrument:
    """A float at 40, tenths at 45 and a coil at 3, as a manual prints them."""
    rows = [
        Register("w01001", 40, "float32"),
        Register("w01010", 45, "int16", scale=0.1),
        Register("w01014", 3, "bit", function="coil"),
    ]
    return Instrument("probe", "Make", "Model", function, first, word_order, rows)  # type: ignore[arg-type]


@pytest.fixture(params=["tcp", "rtu-over-tcp", "serial"])
def placement(request: pytest.FixtureRequest, tmp_path: Path) -> Placement:
    """Each kind of line."""
    if request.param == "serial":
        return Placement("probe", 5, serial=str(tmp_path / "ttyS1"))
    return Placement("probe", 5, "127.0.0.1", free_port(), line=request.param)


@pytest.fixture
def tcp() -> Placement:
    return Placement("probe", 5, "127.0.0.1", free_port())


def to(placement: Placement) -> list[str]:
    """The options that name a line."""
    if placement.serial:
        return ["--serial", placement.serial, "--baud", "9600"]
    return ["--host", placement.host, "--port", str(placement.port), "--line", placement.line]


def asked(placement: Placement, *options: str) -> int:
    patience = ["--timeout", str(PATIENT_MS)]
    return probe.run([*to(placement), "--unit", str(placement.unit), *patience, *options])


Printed = Callable[[], str]


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str]) -> Printed:
    return lambda: capsys.readouterr().out


def test_the_figure_of_a_display_is_found_in_the_registers(
    placement: Placement, printed: Printed
) -> None:
    """The raw words stand first, the best guess next, as it is written in the catalogue."""
    with served(placement, {5: make()}):
        assert asked(placement, "--address", "40", "--first", "1", "--expect", "7.42") == 0
    words, best, *_ = printed().splitlines()
    assert words.startswith("holding from 40 on: 0x70A4 0x40ED")
    assert 'type = "float32"  word_order = "CDAB"  scale = 1' in best
    assert "0x70A4 0x40ED" in best


def test_tenths_of_a_register_at_the_end_of_a_device_are_found(
    tcp: Placement, printed: Printed
) -> None:
    """The device refuses four words there, and answers one."""
    with served(tcp, {5: make()}):
        assert asked(tcp, "--address", "45", "--first", "1", "--expect", "21.5") == 0
    words, best, *_ = printed().splitlines()
    assert words == "holding from 45 on: 0x00D7"
    assert 'type = "uint16"' in best
    assert "scale = 0.1" in best


@pytest.mark.parametrize(("counted", "given", "side"), [(1, "0", "before"), (0, "1", "on")])
def test_an_address_that_is_one_off_is_seen(
    tcp: Placement, printed: Printed, counted: int, given: str, side: str
) -> None:
    """The manual's numbers begin with the other figure."""
    with served(tcp, {5: make(first=counted)}):
        assert asked(tcp, "--address", "40", "--first", given, "--expect", "7.42") == 0
    said = printed()
    assert f'one register {side}: type = "float32"' in said
    assert f"try --first {counted}" in said


def test_a_slip_of_the_address_is_seen_too(tcp: Placement, printed: Printed) -> None:
    """One on from a first register that is 1 already: then the address itself is meant."""
    with served(tcp, {5: make()}):
        assert asked(tcp, "--address", "41", "--first", "1", "--expect", "7.42") == 0
    assert "try --address 40" in printed()


def test_a_coil_is_read_as_itself(tcp: Placement, printed: Printed) -> None:
    """No order, no scale."""
    with served(tcp, {5: make()}):
        options = ("--function", "coil", "--address", "3", "--first", "1", "--expect", "1")
        assert asked(tcp, *options) == 0
    assert 'type = "bit"  reads 1' in printed()


def test_nothing_that_fits_says_where_else_to_look(tcp: Placement, printed: Printed) -> None:
    """Status 1; the words are shown all the same."""
    with served(tcp, {5: make()}):
        assert asked(tcp, "--address", "40", "--first", "1", "--expect", "815.3") == 1
    assert "0x70A4" in (said := printed())
    assert "nothing here reads 815.3; try --function input" in said


@pytest.mark.parametrize(
    ("options", "said"),
    [
        pytest.param(
            ["--function", "input", "--address", "0"],
            r"exception 1 \(illegal function\); try .*holding",
            id="function",
        ),
        pytest.param(
            ["--address", "900"],
            r"exception 2 \(illegal address\); look its address up",
            id="address",
        ),
        pytest.param(
            ["--address", "45", "--first", "0"], r"exception 2 .*; try 1 as", id="one on"
        ),
    ],
)
def test_a_refusal_is_said_in_words(
    tcp: Placement, printed: Printed, options: Sequence[str], said: str
) -> None:
    """With what to try next."""
    with served(tcp, {5: make()}):
        assert asked(tcp, "--address", "40", "--expect", "7.42", *options) == 1
    assert re.search(said, printed())


def test_a_unit_that_is_not_there_leads_to_address_wires_and_baud(
    placement: Placement, printed: Printed
) -> None:
    """Silence on RTU, a gateway's word on TCP."""
    with served(placement, {5: make()}):
        there, options = replace(placement, unit=6), ("--address", "40", "--expect", "7.42")
        assert asked(there, *options, "--timeout", str(SHORT_MS)) == 1
    said = printed()
    assert "unit 6" in said
    assert all(word in said for word in ("unit address", "wires A and B", "baud"))
    assert said.count("\n") == 1


@pytest.mark.parametrize("options", [["--address", "40", "--expect", "7"], None])
def test_a_line_that_is_not_there_leads_to_its_name(
    placement: Placement, printed: Printed, options: list[str] | None
) -> None:
    """Host, port and firewall; or the device, and who may open it."""
    found = asked(placement, *options) if options else probe.run(["scan", *to(placement)])
    said = printed()
    assert found == 1
    assert placement.where in said
    assert ("group dialout" if placement.serial else "host, port and firewall") in said


def test_frames_of_another_kind_lead_to_the_line(tcp: Placement, printed: Printed) -> None:
    """Asked for RTU where Modbus TCP is spoken, and the answer is no frame."""
    with peer(lambda request: request[:4] + b"\xff\xff") as found:
        there = replace(tcp, port=found.port, line="rtu-over-tcp")
        assert asked(there, "--address", "40", "--expect", "7", "--timeout", "2000") == 1
    said = printed()
    assert "no whole frame" in said
    assert "try --line tcp" in said
    assert "parity" in said


def test_a_wrong_check_sum_leads_to_baud_and_parity(printed: Printed) -> None:
    """Something comes, and it is no frame."""
    with pty_peer(lambda request: [answer(request, 1, 2, 3, 4)[:-1] + b"\0"]) as device:
        options = ("--address", "4", "--expect", "7", "--timeout", "2000")
        assert asked(Placement("probe", 7, serial=device), *options) == 1
    assert re.search("no whole frame; try another baud rate, parity", printed())


def test_a_scan_names_the_units_that_answer(placement: Placement, printed: Printed) -> None:
    """By a value or by a refusal: its registers do not begin at the first."""
    with served(placement, {5: make(), 7: make(function="input")}):
        assert probe.run(["scan", *to(placement), "--units", "5-7", "--timeout", "2000"]) == 0
    lines_said = printed().splitlines()
    assert [line.split()[1] for line in lines_said] == ["5", "7"]
    assert "exception 1 (illegal function)" in lines_said[1]


def test_a_scan_that_finds_nobody_says_what_to_try(placement: Placement, printed: Printed) -> None:
    """Status 1."""
    with served(placement, {5: make()}):
        assert probe.run(["scan", *to(placement), "--units", "8-9", "--timeout", "100"]) == 1
    said = printed()
    assert said.startswith("no unit of 8 to 9")
    assert "wires A and B" in said


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["look"], "look"),
        (["value", "--host", "h", "--expect", "7"], "--address"),
        (["value", "--host", "h", "--address", "4"], "--expect"),
        (["value", "--address", "4", "--expect", "7"], "--host"),
        (["value", "--host", "h", "--address", "4", "--expect", "wet"], "wet"),
        (["value", "--host", "h", "--address", "4", "--expect", "0"], "--expect"),
        (["value", "--host", "h", "--address", "0", "--first", "1", "--expect", "7"], "--address"),
        (["value", "--host", "h", "--address", "4", "--expect", "7", "--unit", "300"], "unit"),
        (["value", "--serial", "tty", "--address", "4", "--expect", "7"], "serial"),
        (["scan", "--host", "h", "--units", "0-256"], "0-255"),
        (["scan", "--host", "h", "--line", "rtu-over-tcp", "--units", "0-9"], "use 1 to 247"),
        (["scan", "--host", "h", "--line", "rtu-over-tcp", "--units", "9-255"], "use 1 to 247"),
        (["scan", "--host", "h", "--units", "9-1"], "0-255"),
        (["scan", "--host", "h", "--units", "all"], "all"),
        (["live", "--catalogue", "DIR", "--station", "nowhere"], "--station: 'nowhere'"),
    ],
)  # fmt: skip
def test_bad_input_is_named(options: list[str], named: str, district: Path) -> None:
    """One line, and nothing is asked of any device."""
    given = [str(district) if option == "DIR" else option for option in options]
    with pytest.raises(FaultyInput, match=named):
        probe.run(given)


def moved(district: Path, folder: Path, port: int) -> Path:
    """The demonstration district with its station tonglv-jinsha on another port."""
    copy = shutil.copytree(district, folder / "copy")
    stations = (copy / "stations.toml").read_text(encoding="utf-8")
    (copy / "stations.toml").write_text(stations.replace("15022", str(port)), encoding="utf-8")
    return copy


def of(folder: Path) -> list[str]:
    return ["--catalogue", str(folder), "--station", "tonglv-jinsha", "--once"]


def test_live_prints_what_the_sensors_of_a_station_read(
    tcp: Placement, catalogue: Catalogue, district: Path, tmp_path: Path, printed: Printed
) -> None:
    """Value, unit and raw words of each; a unit that does not answer says so among them."""
    folder = moved(district, tmp_path, tcp.port)
    makes = {1: catalogue.instruments["lanhe-wq500"], 3: catalogue.instruments["hengtai-mn3"]}
    with served(tcp, makes):
        assert probe.run(["live", *of(folder)]) == 0
    said = printed()
    assert re.search(r"w01001 pH值 7\.42 +holding 3: 0x40ED 0x70A4", said)
    assert re.search(r"w01010 水温 21\.5 ℃ +holding 1: 0x41AC 0x0000", said)
    assert re.search(r"state +holding 40: 0x0000", said)
    assert re.search(r"unit 2 on .*no answer to the gateway", said)
    assert re.search(r"w01019 高锰酸盐指数 3 mg/L", said)


def test_live_without_an_answer_says_why(district: Path, tmp_path: Path, printed: Printed) -> None:
    """Nobody listens: status 1."""
    folder = moved(district, tmp_path, free_port())
    assert probe.run(["live", *of(folder)]) == 1
    assert printed().count("host, port and firewall") == 3


def hanging_up(request: bytes) -> bytes | None:
    """A controller that hangs up on every unit but 5."""
    return reply(request, 7) if request[6] == 5 else None


def test_given_a_device_that_hangs_up_on_unknown_units_then_a_scan_goes_on(
    tcp: Placement, printed: Printed
) -> None:
    """Until it finds the one; where there is none, the advice is of units and not of firewalls."""
    with peer(hanging_up) as found:
        there = to(replace(tcp, port=found.port))
        assert probe.run(["scan", *there, "--units", "1-8", "--timeout", "2000"]) == 0
        assert printed() == "unit 5 answers: the first holding register is 0x0007\n"
        assert probe.run(["scan", *there, "--units", "6-8", "--timeout", "2000"]) == 1
    said = printed()
    assert "hangs up instead of answering" in said
    assert "firewall" not in said


@pytest.mark.parametrize("unit", [0, 255])
def test_given_a_device_that_has_its_host_for_itself_then_it_is_probed_by_that_unit(
    unit: int, tcp: Placement, printed: Printed
) -> None:
    """0 and 255, on Modbus TCP; a scan finds them too."""
    with peer(lambda r: reply(r, *[742] * r[11])) as found:
        there = replace(tcp, port=found.port, unit=unit)
        assert asked(there, "--address", "4", "--expect", "7.42") == 0
        assert 'type = "uint16"' in printed()
        assert probe.run(["scan", *to(there), "--units", f"{unit}", "--timeout", "2000"]) == 0


def test_given_an_instrument_slower_than_its_time_out_then_timeout_ms_is_named(
    tcp: Placement, printed: Printed
) -> None:
    """With a figure that it keeps; no word of wires and baud rates."""
    slow = threading.Event()

    def script(request: bytes) -> bytes:
        slow.wait(0.3)
        return reply(request, *[742] * request[11])

    with peer(script) as found:
        there = replace(tcp, port=found.port)
        options = ("--address", "4", "--expect", "7.42", "--timeout", "200")
        assert asked(there, *options) == 0
    said = printed()
    assert re.search(r"answers after [34]\d\d ms; write timeout_ms = 1000", said)
    assert 'type = "uint16"' in said


def test_given_silence_on_tcp_then_the_advice_is_of_tcp(tcp: Placement, printed: Printed) -> None:
    """It names the settings, and neither wires nor baud rates."""
    with peer(lambda _: b"") as found:
        there = replace(tcp, port=found.port)
        assert asked(there, "--address", "4", "--expect", "7", "--timeout", str(SHORT_MS)) == 1
    said = printed()
    assert all(word in said for word in ("unit address", "timeout_ms", "connect_pause_ms"))
    assert not re.search("wire|baud|parity", said)


def test_given_a_wrong_answer_then_its_bytes_are_shown(tcp: Placement, printed: Printed) -> None:
    """And it is no silence."""
    with peer(lambda r: reply(r, 1)[:6] + b"\x08" + reply(r, 1)[7:]) as found:
        there = replace(tcp, port=found.port)
        assert asked(there, "--address", "4", "--expect", "7", "--timeout", "2000") == 1
    assert re.search(r"something else than it was asked; .*; it was .. .. 00 00", printed())


def station_of(port: int, folder: Path) -> list[str]:
    """A station with one instrument: three floats, with unmapped registers between them, and an
    input register.
    """
    rows = "".join(
        f'[[registers]]\nindicator = "{code}"\naddress = {at}\ntype = "float32"\n{more}'
        for code, at, more in (
            ("w01010", 0, ""),
            ("w01001", 2, ""),
            ("w01009", 10, ""),
            ("w01003", 0, 'function = "input"\n'),
        )
    )
    (folder / "instruments").mkdir()
    (folder / "instruments" / "odd.toml").write_text(
        'id = "odd"\nmake = "M"\nmodel = "M"\nfunction = "holding"\nfirst_address = 0\n'
        f'word_order = "ABCD"\n{rows}'
    )
    (folder / "stations.toml").write_text(
        '[site]\nid = "s"\nname = "S"\n[[river]]\nid = "r"\nname = "R"\n'
        "line = [[121.0, 32.0], [121.1, 32.1]]\n"
        '[[station]]\nid = "s"\nname = "S"\nkind = "water"\narea = "a"\n'
        'position = [121.0, 32.0]\nriver = "r"\norder = 1\ntarget = "III"\ncadence_ms = 1000\n'
        f'instruments = [{{ instrument = "odd", unit = 5, host = "127.0.0.1", port = {port} }}]\n'
    )
    return ["--catalogue", str(folder), "--station", "s", "--once"]


def test_given_a_hole_and_a_refused_function_then_live_shows_the_rest_and_names_the_remedies(
    tmp_path: Path, printed: Printed
) -> None:
    """``forbidden`` for the hole; for the function the other one, which answers."""

    def script(request: bytes) -> bytes:
        code, first, count = request[7], request[9], request[11]
        refused = 1 if code == 4 else 2 if first <= 8 and first + count > 5 else 0
        if refused:
            return request[:5] + bytes((3, request[6], code | 0x80, refused))
        return reply(request, *[0x40ED, 0x70A4] * (count // 2) or [0])

    with peer(script) as found:
        assert probe.run(["live", *station_of(found.port, tmp_path)]) == 0
    said = printed()
    assert said.count("7.42") == 3
    assert re.search(r"holding 0 to 11 together .*; write oddities.forbidden = \[\[4, 9\]\]", said)
    assert re.search(r"input 0 to 1 with exception 1 .*; try the other function, holding", said)
