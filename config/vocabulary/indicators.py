"""The indicators: code, name, unit, decimals and physical range of each indicator.

Codes are those of HJ 524 (air) and HJ 525 (water) as HJ 212 carries them. The physical range is
what the quantity can be at a station at all: outside it a value is a sensor fault, not pollution.
Ranges are engineering judgement, not taken from a standard.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Kind = Literal["water", "air"]


class Indicator(NamedTuple):
    """One row of the table. ``low`` and ``high`` are in ``unit``."""

    code: str
    kind: Kind
    key: str
    """Short English name, for messages of the catalogue and for engineers."""
    name: str
    """Chinese name as the standards print it."""
    symbol: str
    """The short form for a chart or a small screen."""
    unit: str
    decimals: int
    low: float
    high: float


_TABLE = (
    Indicator("w01010", "water", "water temperature", "水温", "水温", "℃", 1, -2, 45),
    Indicator("w01001", "water", "pH", "pH值", "pH", "", 2, 0, 14),
    Indicator("w01009", "water", "dissolved oxygen", "溶解氧", "溶解氧", "mg/L", 2, 0, 30),
    Indicator("w01014", "water", "conductivity", "电导率", "电导率", "μS/cm", 0, 0, 60000),
    Indicator("w01003", "water", "turbidity", "浊度", "浊度", "NTU", 1, 0, 4000),
    Indicator("w01019", "water", "permanganate index", "高锰酸盐指数", "CODMn", "mg/L", 2, 0, 200),
    Indicator("w01018", "water", "COD", "化学需氧量", "COD", "mg/L", 1, 0, 2000),
    Indicator("w01017", "water", "BOD5", "五日生化需氧量", "BOD5", "mg/L", 1, 0, 1000),
    Indicator("w21003", "water", "ammonia nitrogen", "氨氮", "氨氮", "mg/L", 3, 0, 300),
    Indicator("w21011", "water", "total phosphorus", "总磷", "总磷", "mg/L", 3, 0, 50),
    Indicator("w21001", "water", "total nitrogen", "总氮", "总氮", "mg/L", 2, 0, 300),
    Indicator("a34004", "air", "PM2.5", "细颗粒物", "PM2.5", "μg/m³", 0, 0, 2000),
    Indicator("a34002", "air", "PM10", "可吸入颗粒物", "PM10", "μg/m³", 0, 0, 10000),
    Indicator("a21026", "air", "SO2", "二氧化硫", "SO2", "μg/m³", 0, 0, 5000),
    Indicator("a21004", "air", "NO2", "二氧化氮", "NO2", "μg/m³", 0, 0, 4000),
    Indicator("a21005", "air", "CO", "一氧化碳", "CO", "mg/m³", 1, 0, 200),
    Indicator("a05024", "air", "ozone", "臭氧", "O3", "μg/m³", 0, 0, 1500),
    Indicator("a01001", "air", "air temperature", "气温", "气温", "℃", 1, -45, 60),
    Indicator("a01002", "air", "humidity", "相对湿度", "湿度", "%", 0, 0, 100),
    Indicator("a01006", "air", "pressure", "气压", "气压", "hPa", 1, 500, 1100),
    Indicator("a01007", "air", "wind speed", "风速", "风速", "m/s", 1, 0, 75),
    Indicator("a01008", "air", "wind direction", "风向", "风向", "°", 0, 0, 360),
)

INDICATORS: dict[str, Indicator] = {row.code: row for row in _TABLE}
