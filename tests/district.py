"""A district of one water station in files, whose instruments answer on Modbus over TCP."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

_MAKE = """
id = "{code}"
make = "Make"
model = "{code}"
function = "holding"
first_address = 0
word_order = "ABCD"
registers = [{{ indicator = "{code}", address = 10, type = "float32" }}]
"""
_PLACEMENT = '{{ instrument = "{code}", host = "127.0.0.1", port = {port}, unit = 1 }}'
_STATIONS = """
[site]
id = "{site}"
name = "区"
[[river]]
id = "r"
name = "河"
line = [[121.0, 32.0], [121.1, 32.0]]
[[station]]
id = "{station}"
name = "断面"
kind = "water"
area = "镇"
position = [121.0, 32.0]
river = "r"
order = 1
target = "III"
cadence_ms = {cadence_ms}
instruments = [{instruments}]
"""


def write_district(
    folder: Path,
    ports: Mapping[str, int],
    *,
    cadence_ms: int,
    site: str = "it",
    station: str = "s",
) -> Path:
    """The catalogue as an engineer has it. ``ports``: the code of an indicator -> where the
    instrument of the same name answers.
    """
    (folder / "instruments").mkdir(parents=True, exist_ok=True)
    for code in ports:
        make = _MAKE.format(code=code)
        (folder / "instruments" / f"{code}.toml").write_text(make, encoding="utf-8")
    text = _STATIONS.format(
        site=site,
        station=station,
        cadence_ms=cadence_ms,
        instruments=", ".join(_PLACEMENT.format(code=code, port=ports[code]) for code in ports),
    )
    (folder / "stations.toml").write_text(text, encoding="utf-8")
    return folder
