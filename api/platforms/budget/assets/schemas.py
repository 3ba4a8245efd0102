"""State assets over the API. Money is whole fen."""

from __future__ import annotations

from pydantic import BaseModel

from api.platforms.budget.assets.records import Asset, Bought, Found, Growth, Sum


class AssetState(BaseModel):
    """A row of the register; ``unit`` is a code, ``bought`` an ISO day or empty."""

    number: str
    unit: str
    name: str
    category: str
    bought: str
    value_fen: int
    voucher: str
    load: int


class SumState(BaseModel):
    """Things of one value."""

    value: str
    count: int
    worth_fen: int


class GrowthState(BaseModel):
    """A year: bought in it, all until its end, and paid in it for equipment."""

    year: str
    count: int
    worth_fen: int
    until_fen: int
    paid_fen: int


class BoughtState(BaseModel):
    """A unit in the year: paid for equipment, and recorded as bought."""

    unit: str
    name: str
    paid_fen: int
    count: int
    worth_fen: int


class AssetsState(BaseModel):
    """The register as it was asked for; ``bought`` is of ``year``, and payments count under
    ``codes``.
    """

    assets: list[AssetState]
    count: int
    worth_fen: int
    pages: int
    by_unit: list[SumState]
    by_category: list[SumState]
    growth: list[GrowthState]
    year: str
    bought: list[BoughtState]
    codes: list[str]
    up_to_date: bool


def assets_state(of: Found) -> AssetsState:
    """The register."""
    return AssetsState(
        assets=[_asset(one) for one in of.rows],
        count=of.whole.count,
        worth_fen=of.whole.worth,
        pages=of.pages,
        by_unit=[_sum(one) for one in of.by_unit],
        by_category=[_sum(one) for one in of.by_category],
        growth=[_growth(one) for one in of.growth],
        year=of.year,
        bought=[_bought(one) for one in of.bought],
        codes=list(of.codes),
        up_to_date=of.up_to_date,
    )


def _asset(of: Asset) -> AssetState:
    return AssetState(
        number=of.number,
        unit=of.unit,
        name=of.name,
        category=of.category,
        bought=of.bought,
        value_fen=of.value,
        voucher=of.voucher,
        load=of.load,
    )


def _sum(of: Sum) -> SumState:
    return SumState(value=of.value, count=of.count, worth_fen=of.worth)


def _growth(of: Growth) -> GrowthState:
    return GrowthState(
        year=of.year, count=of.count, worth_fen=of.worth, until_fen=of.until, paid_fen=of.paid
    )


def _bought(of: Bought) -> BoughtState:
    return BoughtState(
        unit=of.unit, name=of.name, paid_fen=of.paid, count=of.count, worth_fen=of.worth
    )
