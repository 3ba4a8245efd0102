"""Settings come from one file and the environment, which wins; a wrong one is named."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from config import tls
from config.settings import (
    BrokerSettings,
    ChannelSettings,
    OidcSettings,
    Settings,
    SftpSettings,
    load,
)
from config.vocabulary.errors import FaultyInput


def test_no_password_or_secret_has_a_default() -> None:
    """Nobody comes in by what everybody can read; a file that holds one is named by the operator."""
    parts = (Settings, BrokerSettings, OidcSettings, ChannelSettings, SftpSettings)
    secrets = {
        (part.__name__, field.name): field.default
        for part in parts
        for field in msgspec.structs.fields(part)
        if field.name.endswith(("password", "secret", "token", "_file"))
    }
    assert len(secrets) > len(parts)
    assert set(secrets.values()) == {""}


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    """QINGYUAN_HTTP_PORT over http_port; settings of the broker by their own prefix."""
    path = tmp_path / "s.toml"
    path.write_text('http_port = 9000\nstore_url = "a"\ncatalogue = "d"\n[broker]\nport = 1884\n')
    environment = {"QINGYUAN_HTTP_PORT": "9001", "QINGYUAN_BROKER_HOST": "h", "HOME": "/"}

    settings = load(path, environment | {"QINGYUAN_DATA_DIR": "data/x"})

    assert (settings.http_port, settings.store_url) == (9001, "a")
    assert (settings.catalogue, settings.data_dir) == (Path("d"), Path("data/x"))
    assert (settings.broker.host, settings.broker.port) == ("h", 1884)


@pytest.mark.parametrize(
    ("environment", "location"),
    [
        ({"QINGYUAN_HTTP_PORT": "0"}, "http_port"),
        ({"QINGYUAN_BROKER_PORT": "x"}, "broker.port"),
        ({"QINGYUAN_STORE": "paper"}, "store"),
        ({"QINGYUAN_NONSENSE": "1"}, "nonsense"),
        ({"QINGYUAN_PUBLIC_URL": "renda.example"}, "public_url: renda.example is no address"),
        ({"QINGYUAN_PUBLIC_URL": "https://renda.example/oversight"}, "public_url"),
        ({"QINGYUAN_PUBLIC_URL": "https://who@renda.example"}, "public_url"),
        ({"QINGYUAN_HTTP_HOST": "0.0.0.0"}, "http_host: 0.0.0.0: .*public_url.*plain_text"),
        ({"QINGYUAN_TRUSTED_PROXIES": "*"}, "trusted_proxies: '\\*' does not appear"),
        ({"QINGYUAN_TRUSTED_PROXIES": "10.0.0.5/24"}, "trusted_proxies: .*host bits"),
        ({"QINGYUAN_TRUSTED_PROXIES": ""}, "trusted_proxies"),
    ],
)
def test_a_wrong_setting_is_named(environment: dict[str, str], location: str) -> None:
    """With where to mend it."""
    with pytest.raises(FaultyInput, match=location):
        load(None, environment)


@pytest.mark.parametrize(
    ("given", "known"),
    [
        ("https://Renda.example:8443/", "https://renda.example:8443"),
        ("https://renda.example:443", "https://renda.example"),
        ("http://[::1]:80/", "http://[::1]"),
    ],
)
def test_the_address_of_the_pages_is_known_as_a_browser_writes_it(given: str, known: str) -> None:
    """A last slash, capitals and the usual port are no faults."""
    assert load(None, {"QINGYUAN_PUBLIC_URL": given}).public_url == known


def test_proxies_may_be_written_with_blanks() -> None:
    """Addresses and networks of both kinds."""
    settings = load(None, {"QINGYUAN_TRUSTED_PROXIES": "10.0.0.5, fd00::/8"})
    assert settings.trusted_proxies == "10.0.0.5,fd00::/8"


@pytest.mark.parametrize(
    ("text", "username", "password"),
    [
        ("geheim\n", "u", "geheim"),
        ("it.s\np:w\n", "it.s", "p:w"),
        ("geheim", "u", "geheim"),
        ("\ufeffgeheim\r\n", "u", "geheim"),
        ("\ufeffit.s\r\np:w\r\n", "it.s", "p:w"),
        ("it.s\r\n密码\r\n", "it.s", "密码"),
    ],
)
def test_a_password_may_lie_in_a_file_of_its_own(
    text: str, username: str, password: str, tmp_path: Path
) -> None:
    """With the username above it, or alone; as any editor writes it, also one of Windows."""
    file = tmp_path / "password"
    file.write_bytes(text.encode())
    given = {"QINGYUAN_BROKER_PASSWORD_FILE": str(file), "QINGYUAN_BROKER_USERNAME": "u"}
    broker = load(None, given).broker
    assert (broker.username, broker.password) == (username, password)


@pytest.mark.parametrize(
    ("text", "beside", "what"),
    [
        (None, {}, "cannot be read"),
        ("", {}, "has 0 lines; write the password"),
        ("a\n\n", {}, "has 2 lines; write the password"),
        ("a\nb\nc\n", {}, "has 3 lines; write the password"),
        ("a", {"QINGYUAN_BROKER_PASSWORD": "b"}, "is set beside broker.password"),
    ],
)
def test_a_password_file_that_does_not_hold_is_named(
    text: str | None, beside: dict[str, str], what: str, tmp_path: Path
) -> None:
    """With what to write."""
    file = tmp_path / "password"
    if text is not None:
        file.write_text(text)
    with pytest.raises(FaultyInput, match=f"broker.password_file: .*{what}"):
        load(None, beside | {"QINGYUAN_BROKER_PASSWORD_FILE": str(file)})


ISSUER = {
    "QINGYUAN_OIDC_ISSUER": "https://sso.example",
    "QINGYUAN_OIDC_CLIENT_ID": "qingyuan",
    "QINGYUAN_PUBLIC_URL": "https://renda.example",
}


def test_a_second_way_in_has_its_own_prefix_and_its_secret_in_a_file(tmp_path: Path) -> None:
    """As the broker has."""
    file = tmp_path / "secret"
    file.write_bytes(b"\xef\xbb\xbfgeheim\r\n")
    found = load(None, ISSUER | {"QINGYUAN_OIDC_CLIENT_SECRET_FILE": str(file)}).oidc
    assert (found.issuer, found.client_secret) == ("https://sso.example", "geheim")
    assert load(None, {}).oidc.issuer == ""


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"QINGYUAN_OIDC_ISSUER": "http://sso.example"}, "oidc.issuer"),
        ({"QINGYUAN_OIDC_ISSUER": "sso.example"}, "oidc.issuer"),
        ({"QINGYUAN_OIDC_ISSUER": "https://[half"}, "oidc.issuer"),
        ({"QINGYUAN_OIDC_CLIENT_ID": ""}, "oidc.client_id"),
        ({"QINGYUAN_PUBLIC_URL": ""}, "public_url"),
        ({"QINGYUAN_OIDC_CLIENT_SECRET_FILE": "/nowhere"}, "oidc.client_secret_file"),
    ],
)
def test_a_second_way_in_that_lacks_something_is_refused(
    changes: dict[str, str], where: str
) -> None:
    """With what to write."""
    with pytest.raises(FaultyInput, match=f"^{where}: "):
        load(None, ISSUER | changes)


@pytest.mark.parametrize(
    ("text", "beside", "what"),
    [("a\nb\n", "", "has 2 lines; write the secret"), ("a", "b", "is set beside")],
)
def test_a_file_of_a_secret_that_does_not_hold_is_named(
    text: str, beside: str, what: str, tmp_path: Path
) -> None:
    """With what to write."""
    file = tmp_path / "secret"
    file.write_text(text)
    given = {"QINGYUAN_OIDC_CLIENT_SECRET_FILE": str(file), "QINGYUAN_OIDC_CLIENT_SECRET": beside}
    with pytest.raises(FaultyInput, match=f"oidc.client_secret_file: .*{what}"):
        load(None, ISSUER | given)


@pytest.mark.parametrize(
    "more",
    [
        {"QINGYUAN_HTTP_HOST": "::1"},
        {"QINGYUAN_HTTP_HOST": "10.0.0.7", "QINGYUAN_PUBLIC_URL": "https://renda.example"},
        {"QINGYUAN_HTTP_HOST": "10.0.0.7", "QINGYUAN_PLAIN_TEXT": "true"},
    ],
    ids=["this machine", "a proxy with TLS", "meant so"],
)
def test_pages_are_given_to_a_network_with_tls_or_where_plain_text_is_meant(
    more: dict[str, str],
) -> None:
    """Otherwise the centre does not start."""
    assert load(None, more).http_host == more["QINGYUAN_HTTP_HOST"]


def test_a_broker_elsewhere_is_spoken_to_with_tls_or_where_plain_text_is_meant() -> None:
    """By the centre and by a station's agent; on this machine it needs none."""
    with pytest.raises(FaultyInput, match="broker.tls_ca: .*broker.plain_text = true"):
        tls.context(BrokerSettings("broker.example"))
    for broker in (BrokerSettings("localhost"), BrokerSettings("10.0.0.9", plain_text=True)):
        assert tls.context(broker) is None
