"""Where the demonstration's instruments and loggers stand when their ports are taken."""

from __future__ import annotations

import socket
from contextlib import ExitStack

import pytest
from msgspec.structs import replace

from config.catalogue.shapes import Catalogue, Logger, Placement
from config.vocabulary.errors import Refused
from qingyuan.demo.ports import BROKER_PORTS, CLAIM_PORTS, claimed
from tests.conftest import free_port


@pytest.fixture
def mixed(catalogue: Catalogue) -> Catalogue:
    """A station of an instrument over TCP, one on a serial device, and a logger."""
    places = [
        Placement("lanhe-wq500", 1, "127.0.0.1", free_port()),
        Placement("hengtai-nh4", 2, serial="/dev/ttyS9"),
    ]
    logger = Logger("A1", "1", "2017", free_port(), "127.0.0.1", ["w01010"])
    station = replace(catalogue.stations["tonglv-jinsha"], instruments=places, loggers=[logger])
    return replace(catalogue, stations={station.id: station})


def ports(catalogue: Catalogue) -> list[int]:
    """Of instruments, then of loggers."""
    (station,) = catalogue.stations.values()
    rows = [*station.instruments, *station.loggers]
    return [row.port for row in rows]


def test_on_free_ports_each_beginning_at_once_has_its_own(mixed: Catalogue) -> None:
    """Nothing listens on any yet, and still no two have one in common."""
    with claimed(mixed) as first, claimed(mixed) as second:
        brokers, places = zip(first, second, strict=True)
    assert len({*brokers}) == 2
    assert {*brokers} < {*BROKER_PORTS}
    assert {*ports(places[0])} & {*ports(places[1])} == {0}


@pytest.mark.parametrize("taken", [0, 2])
def test_where_one_port_is_taken_instruments_and_loggers_move_alike(
    mixed: Catalogue, taken: int
) -> None:
    """An instrument's port or a logger's; a serial device has none and stays."""
    with socket.create_server(("127.0.0.1", ports(mixed)[taken])), claimed(mixed) as (_, moved):
        instrument, serial, logger = (
            b - a for a, b in zip(ports(mixed), ports(moved), strict=True)
        )
    assert instrument == logger > 0
    assert serial == 0


def test_where_every_claim_is_taken_the_ports_are_named(mixed: Catalogue) -> None:
    """And what to do."""
    refused = pytest.raises(Refused, match=r"ports \d+ to \d+ and 18830 .* free some of them")
    with refused, ExitStack() as stack:
        for _ in range(len(CLAIM_PORTS) + 1):
            stack.enter_context(claimed(mixed))
