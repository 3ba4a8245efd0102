"""A catalogue loads whole or not at all; every fault is named by file and key."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from config.catalogue import loading, sending
from config.catalogue.shapes import Catalogue
from config.vocabulary.errors import Fault, FaultyInput

STATIONS = """
[site]
id = "here"
name = "本区"

[[river]]
id = "brook"
name = "小河"
line = [[121.0, 32.0], [121.1, 32.1]]

[[town]]
id = "upper-town"
name = "上镇"
position = [121.03, 32.03]

[[station]]
id = "upper"
name = "上游断面"
kind = "water"
area = "上镇"
position = [121.01, 32.01]
river = "brook"
order = 1
target = "III"
cadence_ms = 1000
instruments = [{ instrument = "sonde", host = "127.0.0.1", port = 1502, unit = 1 }]

[[station]]
id = "lower"
name = "下游断面"
kind = "water"
area = "下镇"
position = [121.09, 32.09]
river = "brook"
order = 2
target = "III"
cadence_ms = 1000
instruments = [{ instrument = "sonde", host = "127.0.0.1", port = 1503, unit = 1 }]

[[station]]
id = "roof"
name = "空气站"
kind = "air"
area = "上镇"
position = [121.02, 32.02]
cadence_ms = 2000
instruments = [{ instrument = "qingfeng-aq6", host = "127.0.0.1", port = 1504, unit = 1 }]
"""

SONDE = """
id = "sonde"
make = "某厂"
model = "S-1"
function = "holding"
first_address = 1
word_order = "CDAB"

[state]
address = 20
words = { 0 = "normal", 1 = "calibration" }

[oddities]
most_registers = 8
forbidden = [[100, 199]]

[[registers]]
indicator = "w01010"
address = 1
type = "float32"

[[registers]]
indicator = "w21003"
address = 3
type = "uint16"
scale = 0.001
sentinels = [65535]
"""

LOWER = 'host = "127.0.0.1", port = 1503'
AIR_ROW = 'area = "上镇"\nposition = [121.02'
SECOND = '[{ instrument = "sonde", host = "127.0.0.1", port = 1503, unit = 1 }]'
TWICE = (
    SECOND[:-1] + ', { instrument = "hengtai-nh4", host = "127.0.0.1", port = 1503, unit = 2 }]'
)

FAULTS_OF_STATIONS = [
    ("no site", '[site]\nid = "here"\nname = "本区"\n', "", "site"),
    ("site without a name", 'name = "本区"\n', "", "site.name"),
    ("a site id in capitals", 'id = "here"', 'id = "Here"', "site.id"),
    ("a table nobody knows", "[[river]]", "[weather]\n[[river]]", "weather"),
    ("a river that is a table", "[[river]]", "[river]", "river"),
    ("a river of one point", ", [121.1, 32.1]]", "]", "river[1].line"),
    ("a latitude of 132", "[121.1, 32.1]", "[121.1, 132.1]", "river[1].line[2]"),
    ("a point that is no number", "[121.1, 32.1]", "[nan, 3.0]", "river[1].line[2]"),
    ("a town without a point", "position = [121.03, 32.03]\n", "", "town[1].position"),
    ("a town far away", "[121.03, 32.03]", "[12.03, 32.03]", "town[1].position"),
    ("an id that ends in a newline", 'id = "roof"', 'id = "roof\\n"', "station[3].id"),
    ("a cadence of years", "= 2000", "= 99999999999", "station[3].cadence_ms"),
    ("a host of two lines", '.1", port = 1503', '.1\\n", port = 1503', "station[2].instruments[1].host"),
    ("an unknown key", 'id = "upper"', 'id = "upper"\ncolour = 1', "station[1].colour"),
    ("a missing key", "cadence_ms = 2000\n", "", "station[3].cadence_ms"),
    ("a text for a number", "= 2000", '= "2000"', "station[3].cadence_ms"),
    ("no cadence", "= 2000", "= 0", "station[3].cadence_ms"),
    ("an unknown kind", '"air"', '"soil"', "station[3].kind"),
    ("an unknown class", '"III"', '"VI"', "station[1].target"),
    ("an order of 0", "order = 1", "order = 0", "station[1].order"),
    ("coordinates the wrong way", "[121.01, 32.01]", "[32.01, 121.01]", "station[1].position"),
    ("a station far away", "[121.01, 32.01]", "[12.01, 32.01]", "station[1].position"),
    ("an id twice", 'id = "lower"', 'id = "upper"', "station[2].id"),
    ("an unknown river", 'river = "brook"', 'river = "sea"', "station[1].river"),
    ("water without a river", 'river = "brook"\n', "", "station[1].river"),
    ("water without an order", "order = 1\n", "", "station[1].order"),
    ("water without a target", 'target = "III"\n', "", "station[1].target"),
    ("a lake's water without a target", 'river = "brook"\norder = 1\ntarget = "III"\n', 'body = "lake"\n', "station[1].target"),
    ("a lake with a river and no place", "order = 1\n", 'body = "lake"\n', "station[1].order"),
    ("a body nobody knows", "order = 1\n", 'order = 1\nbody = "sea"\n', "station[1].body"),
    ("air in a lake", AIR_ROW, 'body = "lake"\n' + AIR_ROW, "station[3].body"),
    ("air on a river", AIR_ROW, 'river = "brook"\n' + AIR_ROW, "station[3].river"),
    ("air with a target", AIR_ROW, 'target = "II"\n' + AIR_ROW, "station[3].target"),
    ("a place taken on the river", "order = 2", "order = 1", "station[2].order"),
    ("no instrument", SECOND, "[]", "station[2].instruments"),
    ("an unknown instrument", '"qingfeng-aq6"', '"nose"', "station[3].instruments[1].instrument"),
    ("air measured in water", '"qingfeng-aq6"', '"sonde"', "station[3].instruments[1].instrument"),
    ("ammonia measured twice", SECOND, TWICE, "station[2].instruments"),
    ("a unit twice on one line", "port = 1503", "port = 1502", "station[2].instruments[1].unit"),
    ("unit 256", "port = 1502, unit = 1", "port = 1502, unit = 256", "station[1].instruments[1].unit"),
    ("unit 0 on RTU", "port = 1502, unit = 1", 'port = 1502, unit = 0, line = "rtu-over-tcp"', "station[1].instruments[1].unit"),
    ("no host", 'host = "127.0.0.1", port = 1503', "port = 1503", "station[2].instruments[1].host"),
    ("no port", ", port = 1503", "", "station[2].instruments[1].port"),
    ("a host beside a device", "port = 1503", 'port = 1503, serial = "/dev/ttyS1"', "station[2].instruments[1].serial"),
    ("a device of no path", LOWER, 'serial = "ttyS1"', "station[2].instruments[1].serial"),
    ("a device reached over TCP", LOWER, 'serial = "/dev/ttyS1", line = "rtu-over-tcp"', "station[2].instruments[1].line"),
    ("an unknown line", "port = 1503", 'port = 1503, line = "udp"', "station[2].instruments[1].line"),
    ("an unknown parity", LOWER, 'serial = "/dev/ttyS1", parity = "X"', "station[2].instruments[1].parity"),
    ("a baud rate of 1", LOWER, 'serial = "/dev/ttyS1", baud = 1', "station[2].instruments[1].baud"),
    ("port 70000", "port = 1503", "port = 70000", "station[2].instruments[1].port"),
]  # fmt: skip

FAULTS_OF_AN_INSTRUMENT = [
    ("no registers", SONDE[SONDE.index("[[registers]]") :], "", "registers"),
    ("an unknown function", '"holding"', '"file"', "function"),
    ("an unknown word order", '"CDAB"', '"ACBD"', "word_order"),
    ("a first address of 2", "first_address = 1", "first_address = 2", "first_address"),
    ("an unknown type", '"float32"', '"double"', "registers[1].type"),
    ("an unknown key", "scale = ", "factor = ", "registers[2].factor"),
    ("an unknown indicator", '"w21003"', '"w99999"', "registers[2].indicator"),
    ("an indicator twice", '"w01010"', '"w21003"', "registers[1].indicator"),
    ("a scale of 0", "scale = 0.001", "scale = 0", "registers[2].scale"),
    ("an offset of infinity", "scale = 0.001", "offset = inf", "registers[2].offset"),
    ("a sentinel out of reach", "[65535]", "[65536]", "registers[2].sentinels"),
    ("registers that overlap", "address = 3", "address = 2", "registers[2].address"),
    ("a state among the values", "address = 20", "address = 3", "state.address"),
    ("an address before the first", "\naddress = 1\n", "\naddress = 0\n", "registers[1].address"),
    ("an address past the last", "address = 3", "address = 65537", "registers[2].address"),
    ("a forbidden address", "address = 3", "address = 199", "registers[2].address"),
    ("a value reaching into it", "\naddress = 1\n", "\naddress = 99\n", "registers[1].address"),
    ("a value wider than a request", "= 8", "= 1", "registers[1].address"),
    ("a range that runs backwards", "[[100, 199]]", "[[199, 100]]", "oddities.forbidden"),
    ("an unknown order of 64 bits", "first_", 'order64 = "ABCD"\nfirst_', "order64"),
    ("floats in coils", '"holding"', '"coil"', "registers[1].type"),
    ("a bit of no number", 'type = "uint16"', 'type = "bit"', "registers[2].bit"),
    ("a bit of a coil", 'type = "uint16"', 'type = "bit"\nbit = 1\nfunction = "coil"', "registers[2].bit"),
    ("a bit of a number", 'type = "uint16"', 'type = "uint16"\nbit = 1', "registers[2].bit"),
    ("a seventeenth bit", 'type = "uint16"', 'type = "bit"\nbit = 16', "registers[2].bit"),
    ("a part of a signed word", '"uint16"', '"int16"\nbits = [0, 15]', "registers[2].bits"),
    ("bits that run backwards", '"uint16"\nscale', '"uint16"\nbits = [15, 0]\nscale', "registers[2].bits"),
    ("a sentinel past its bits", '"uint16"', '"uint16"\nbits = [0, 7]', "registers[2].sentinels"),
    ("a sentinel past four digits", '"uint16"', '"bcd16"', "registers[2].sentinels"),
    ("a status of no word", "scale = 0.001", "valid = { equals = 1 }", "registers[2].valid.address"),
    ("a status that says nothing", "scale = 0.001", "valid = { address = 4 }", "registers[2].valid"),
    ("a status of two minds", "scale = 0.001", "valid = { address = 4, equals = 1, bit = 1 }", "registers[2].valid"),
    ("a coil of 7", "scale = 0.001", 'valid = { address = 4, equals = 7, function = "coil" }', "registers[2].valid"),
    ("a status nobody may read", "scale = 0.001", "valid = { address = 100, equals = 1 }", "registers[2].valid.address"),
    ("an unknown state", '"calibration"', '"asleep"', "state.words.1"),
    ("a state without a number", "1 = ", "one = ", "state.words"),
    ("no state that is normal", '"normal"', '"fault"', "state.words"),
    ("a name another make has", '"sonde"', '"lanhe-wq500"', "id"),
]  # fmt: skip


def write(folder: Path, stations: str = STATIONS, sonde: str = SONDE) -> Path:
    (folder / "instruments").mkdir(parents=True)
    (folder / "stations.toml").write_text(stations, encoding="utf-8")
    (folder / "instruments" / "sonde.toml").write_text(sonde, encoding="utf-8")
    return folder


def faults_of(folder: Path) -> tuple[Fault, ...]:
    with pytest.raises(FaultyInput) as caught:
        loading.load(folder)
    assert "\n" not in str(caught.value)
    return caught.value.faults


def changed(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


def rows(table: list[tuple[str, str, str, str]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        ("old", "new", "where"), [row[1:] for row in table], ids=[row[0] for row in table]
    )


def test_a_folder_with_a_make_of_its_own_loads(tmp_path: Path) -> None:
    """A district may describe instruments beside those that come with the package."""
    found = loading.load(write(tmp_path / "d"))
    assert found.plans["upper"] == ("w01010", "w21003")
    assert [station.id for station in found.downstream("brook")] == ["upper", "lower"]


def test_a_station_of_a_lake_need_not_lie_on_a_river(tmp_path: Path) -> None:
    """It has a class to hold all the same; one of a river is sent to the field as ever."""
    lake = changed(STATIONS, 'river = "brook"\norder = 1\n', 'body = "reservoir"\n')
    found = loading.load(write(tmp_path / "d", stations=lake))
    assert [(of.lake, of.target) for of in found.stations.values()] == [
        (True, "III"),
        (False, "III"),
        (False, None),
    ]
    assert [station.id for station in found.downstream("brook")] == ["lower"]
    assert b"reservoir" in sending.packed(found, "upper", 1)
    assert b"body" not in sending.packed(found, "lower", 1)


@rows(FAULTS_OF_STATIONS)
def test_a_fault_of_the_stations_is_named_by_its_key(
    tmp_path: Path, old: str, new: str, where: str
) -> None:
    """One fault gives one line that names where it stands."""
    (fault,) = faults_of(write(tmp_path / "d", stations=changed(STATIONS, old, new)))
    assert (fault.where, bool(fault.what), bool(fault.remedy)) == (
        f"stations.toml: {where}",
        True,
        True,
    )


@rows(FAULTS_OF_AN_INSTRUMENT)
def test_a_fault_of_an_instrument_is_named_by_its_key(
    tmp_path: Path, old: str, new: str, where: str
) -> None:
    """One fault of a make is named in its own file, first and without false ones beside it."""
    found = faults_of(write(tmp_path / "d", sonde=changed(SONDE, old, new)))
    others = {fault.where for fault in found if not fault.where.startswith("sonde.toml: ")}
    assert found[0].where == f"sonde.toml: {where}"
    # A make that takes another's name is also missing under its own.
    assert others == set() or where == "id"


def test_every_fault_is_found_at_once(tmp_path: Path) -> None:
    """Faults of several rows and files, and several of one row, stand in one answer."""
    given = changed(STATIONS, 'river = "brook"', 'river = "sea"')
    given = changed(given, "cadence_ms = 2000", 'cadence_ms = "often"\ncolour = 1')
    found = faults_of(write(tmp_path / "d", given, changed(SONDE, "scale = 0.001", "scale = 0")))
    assert {fault.where for fault in found} == {
        "sonde.toml: registers[2].scale",
        "stations.toml: station[1].river",
        "stations.toml: station[3].cadence_ms",
        "stations.toml: station[3].colour",
    }


def test_a_row_without_its_shape_is_checked_for_the_rest(tmp_path: Path) -> None:
    """A station whose cadence is no number still names an unknown river and instrument."""
    given = changed(STATIONS, "cadence_ms = 1000", "cadence_ms = true")
    given = changed(given, 'river = "brook"', 'river = "sea"')
    given = changed(given, '"sonde"', '"nose"')
    found = faults_of(write(tmp_path / "d", given))
    assert [fault.where for fault in found] == [
        "stations.toml: station[1].cadence_ms",
        "stations.toml: station[1].instruments[1].instrument",
        "stations.toml: station[1].river",
    ]


def test_values_may_share_a_word_by_its_bits_and_their_status_with_it(tmp_path: Path) -> None:
    """Two fields of one word and a bit of it that says whether both hold; the same address by
    another function is another place.
    """
    valid = "valid = { address = 3, bit = 15 }"
    given = changed(SONDE, "sentinels = [65535]", f"bits = [0, 6]\n{valid}")
    given += f"""
[[registers]]
indicator = "w21011"
address = 3
type = "uint16"
bits = [7, 14]
{valid}

[[registers]]
indicator = "w01009"
address = 3
type = "uint64"
function = "input"
sentinels = [18446744073709551615]
"""
    folder = write(tmp_path / "d", sonde=given)
    row = loading.load(folder).instruments["sonde"].registers[3]
    assert row.sentinels == [2**64 - 1]
    (fault,) = faults_of(write(tmp_path / "e", sonde=changed(given, "[7, 14]", "[6, 14]")))
    assert fault.where == "sonde.toml: registers[3].address"


def test_a_faulty_register_hides_no_other(tmp_path: Path) -> None:
    """The registers beside it are still checked, each counted at its own place."""
    given = changed(SONDE, 'type = "float32"', 'type = "double"')
    given = changed(given, '"w21003"', '"w99999"')
    given = changed(given, "address = 20", "address = 3")
    found = faults_of(write(tmp_path / "d", sonde=given))
    assert {fault.where for fault in found} == {
        "sonde.toml: registers[1].type",
        "sonde.toml: registers[2].indicator",
        "sonde.toml: state.address",
    }


def test_a_faulty_placement_hides_no_other(tmp_path: Path) -> None:
    """A port that cannot be leaves the instrument beside it to be checked."""
    two = TWICE.replace("port = 1503", "port = 70000", 1).replace("hengtai-nh4", "nose")
    found = faults_of(write(tmp_path / "d", changed(STATIONS, SECOND, two)))
    assert [fault.where.removeprefix("stations.toml: station[2].") for fault in found] == [
        "instruments[1].port",
        "instruments[2].instrument",
    ]


SERIAL = '{ instrument = "sonde", serial = "/dev/ttyS1", unit = 1 }'
NEXT = '{ instrument = "hengtai-mn3", serial = "/dev/ttyS1", unit = 2 }'


def test_two_stations_may_name_their_serial_devices_alike(tmp_path: Path) -> None:
    """Each has a box of its own; units of one device still bear numbers of their own."""
    given = changed(STATIONS, LOWER, 'serial = "/dev/ttyS1"')
    given = changed(given, 'host = "127.0.0.1", port = 1502', 'serial = "/dev/ttyS1"')
    loading.load(write(tmp_path / "d", given))
    twice = changed(STATIONS, SECOND, f"[{SERIAL}, {NEXT.replace('unit = 2', 'unit = 1')}]")
    (fault,) = faults_of(write(tmp_path / "e", twice))
    assert fault.where == "stations.toml: station[2].instruments[2].unit"
    assert "/dev/ttyS1" in fault.what


def test_a_station_on_a_serial_line_can_be_sent_to_the_field(tmp_path: Path) -> None:
    """What it does not have, a host and a port, is not sent as something that it has."""
    given = changed(STATIONS, LOWER, 'serial = "/dev/ttyS1", baud = 19200')
    found = loading.load(write(tmp_path / "d", given))
    there = sending.unpacked(sending.packed(found, "lower", 1), found.site, "lower")
    assert there.stations["lower"] == found.stations["lower"]
    assert there.instruments == {"sonde": found.instruments["sonde"]}


def test_who_shares_a_line_sets_it_alike(tmp_path: Path) -> None:
    """One baud rate for all."""
    other = NEXT.replace("unit = 2", "unit = 2, baud = 19200")
    (fault,) = faults_of(write(tmp_path / "d", changed(STATIONS, SECOND, f"[{SERIAL}, {other}]")))
    assert fault.where == "stations.toml: station[2].instruments[2]"
    assert "baud" in fault.remedy


def test_stations_of_one_id_may_also_share_their_place(tmp_path: Path) -> None:
    """Both faults are said, though each station looks like the other."""
    given = changed(STATIONS, 'id = "lower"', 'id = "upper"')
    found = faults_of(write(tmp_path / "d", changed(given, "order = 2", "order = 1")))
    assert [fault.where.removeprefix("stations.toml: ") for fault in found] == [
        "station[2].id",
        "station[2].order",
    ]


def test_a_faulty_make_or_river_raises_no_fault_where_it_is_used(tmp_path: Path) -> None:
    """What is wrong once is said once."""
    given = changed(STATIONS, 'name = "小河"\n', "")
    found = faults_of(write(tmp_path / "d", given, changed(SONDE, '"CDAB"', '"?"')))
    assert [fault.where for fault in found] == [
        "sonde.toml: word_order",
        "stations.toml: river[1].name",
    ]


def test_broken_toml_is_named_with_its_line(tmp_path: Path) -> None:
    """The person finds the place in an editor."""
    (fault,) = faults_of(write(tmp_path / "d", stations=changed(STATIONS, "[site]", "[site")))
    assert fault.where == "stations.toml"
    assert "line 2" in fault.what


def test_another_encoding_is_named(tmp_path: Path) -> None:
    """A file saved as GBK is told so, not decoded to nonsense."""
    folder = write(tmp_path / "d")
    (folder / "stations.toml").write_text(STATIONS, encoding="gbk")
    (fault,) = faults_of(folder)
    assert (fault.where, fault.what) == ("stations.toml", "is not UTF-8")


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    """The remedy says what a district's folder holds."""
    (fault,) = faults_of(tmp_path / "nowhere")
    assert fault.where == str(tmp_path / "nowhere" / "stations.toml")
    assert "stations.toml" in fault.remedy


def test_the_demonstration_district_is_what_the_readme_promises(catalogue: Catalogue) -> None:
    """Six water stations on two rivers, four air stations, at least three unlike makes."""
    assert [len(catalogue.downstream(river)) for river in catalogue.rivers] == [3, 3]
    assert sum(s.kind == "air" for s in catalogue.stations.values()) == 4
    makes = catalogue.instruments.values()
    assert len({make.make for make in makes}) >= 3
    assert {make.function for make in makes} == {"holding", "input"}
    assert {make.first_address for make in makes} == {0, 1}
    assert {make.word_order for make in makes} == {"ABCD", "BADC", "CDAB", "DCBA"}


def test_water_stations_of_the_demonstration_lie_on_their_river(catalogue: Catalogue) -> None:
    """A station on the map stands beside its river's line, within a kilometre."""
    for river in catalogue.rivers.values():
        pairs = list(zip(river.line, river.line[1:], strict=False))
        for station in catalogue.downstream(river.id):
            assert min(distance(station.position, *pair) for pair in pairs) < 0.01, station.id


def distance(
    point: tuple[float, float], start: tuple[float, float], end: tuple[float, float]
) -> float:
    along = (end[0] - start[0], end[1] - start[1])
    to = (point[0] - start[0], point[1] - start[1])
    share = (to[0] * along[0] + to[1] * along[1]) / (along[0] ** 2 + along[1] ** 2)
    share = min(max(share, 0.0), 1.0)
    return math.hypot(to[0] - share * along[0], to[1] - share * along[1])
