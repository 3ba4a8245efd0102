"""How this process runs: one TOML file and QINGYUAN_* environment, read once into frozen values.

Every setting may stand in the file and, as QINGYUAN_<NAME>, in the environment, which wins;
those of a table are QINGYUAN_<TABLE>_<NAME>. Channels stand in the file alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta, Struct, field

from config.catalogue.words import LanguageTag
from config.files import read_toml
from config.map_tiles import MapSettings
from config.vocabulary.errors import Fault, FaultyInput

PREFIX = "QINGYUAN_"
TABLES = ("broker", "oidc", "notify", "attachments", "imports", "map")
DISTRICTS = Path(__file__).parent / "data" / "districts"
_PUBLIC_URL = re.compile(r"https?://([a-z0-9.-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?")
Port = Annotated[int, Meta(ge=1, le=65535)]
_SPAN = "(day|week|month|quarter|year)"
ChannelKind = Literal[
    "mail", "webhook", "wecom-robot", "wecom-app", "dingtalk", "feishu", "sms-aliyun",
    "sms-tencent", "push", "apprise", "console",
]  # fmt: skip

CHATS: tuple[ChannelKind, ...] = ("webhook", "apprise")
"""Kinds that reach no person: somebody else decides who reads there."""


class BrokerSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Where the broker listens and who we are to it."""

    host: str = "127.0.0.1"
    port: Port = 1883
    username: str = ""
    password: str = ""
    password_file: str = ""
    """File of one line, the password, or of two, username and password."""
    tls_ca: str = ""
    """File of the certificate authority; empty means no TLS."""
    tls_cert: str = ""
    """File of our own certificate, where the broker asks for one."""
    tls_key: str = ""
    """File of its key, where that is not in the same."""
    plain_text: bool = False
    """Whether a broker on another machine may be spoken to without TLS."""


class OidcSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """A government's own sign-in as a second way in, over OpenID Connect; without an issuer there
    is none.
    """

    issuer: str = ""
    """Its address as it writes it itself, to the letter."""
    client_id: str = ""
    """Our name there."""
    client_secret: str = ""
    client_secret_file: str = ""
    """File of one line, the secret; neither where it gave none."""
    name: str = ""
    """Of its button on the sign-in page."""
    strength: str = ""
    """Values apart by commas, one of which the ID token must have in ``amr`` or as ``acr``."""


class ChannelSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """A way by which messages leave; the order of the channels is that in which a person who
    wishes nothing else is told by them.
    """

    name: Annotated[str, Meta(pattern="^[a-z0-9][a-z0-9-]{0,39}$")]
    kind: ChannelKind
    url: str = ""
    """The provider's address; what else it must know of us stands behind the question mark."""
    secret: str = ""
    """With which we sign, or show who we are."""
    secret_file: str = ""
    """File of one line, the secret."""
    reads: Literal["", "deputy", "officer"] = ""
    """The role whose messages go to the group chat; empty: persons are told at their addresses,
    and where a kind reaches none the officers' messages go there.
    """
    private: bool = False
    """Whether the address may lie on this machine or in a private network."""
    ca: str = ""
    """File of the certificate authority of a provider of one's own."""


class NotifySettings(Struct, frozen=True, forbid_unknown_fields=True):
    """When people are told, where neither they nor the office wish it otherwise."""

    together_minutes: Annotated[int, Meta(ge=1)] = 180
    """Alerts of one kind at one river or in one area that begin within this are one event."""
    again_minutes: Annotated[int, Meta(ge=1)] = 360
    """An event that stands again within this has come and gone."""
    night_from: Annotated[str, Meta(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$")] = "22:00"
    night_until: Annotated[str, Meta(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$")] = "07:00"
    night_level: Literal["notice", "warning", "alarm", "critical"] = "alarm"
    """From this level on a deputy is told at night."""
    most_an_hour: Annotated[int, Meta(ge=1)] = 3
    """Further stations of an event wait while a person had so many messages within an hour."""
    keep_days: Annotated[int, Meta(ge=1)] = 400
    """Older messages and deliveries are removed."""
    heartbeat_url: str = ""
    """Asked for each minute while the centre can tell people: whoever waits there notices when it
    stays away.
    """


class AttachmentSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """The files that people attach: how large, how long, and who looks for viruses in them."""

    most_mb: Annotated[int, Meta(ge=1, le=2000)] = 50
    """Of one file, megabytes of a million bytes."""
    keep_removed_days: Annotated[int, Meta(ge=0)] = 400
    """The content of a file that was taken out everywhere goes after so many days."""
    clamd: str = ""
    """Where ClamAV's clamd listens: host:port, or the path of its socket; empty: nobody scans."""
    serve_unscanned: bool = False
    """Whether files are handed out before clamd has answered."""

    @property
    def most_bytes(self) -> int:
        """Of one file."""
        return self.most_mb * 1_000_000


class SftpSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """A server of an office on which tables lie, reached by SFTP."""

    host: Annotated[str, Meta(min_length=1)]
    user: Annotated[str, Meta(min_length=1)]
    fingerprint: Annotated[str, Meta(pattern="^SHA256:[A-Za-z0-9+/]{43}$")]
    """Of its host key, as ``ssh-keygen -lf`` prints it; a server with another one is refused."""
    folders: Annotated[tuple[str, ...], Meta(min_length=1)]
    """The folders there that sources may name."""
    port: Port = 22
    password_file: str = ""
    """File of one line, the password."""
    key_file: str = ""
    """File of a private key without a passphrase, instead of a password."""


class DatabaseSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """A database of an office, of which views are read."""

    url: str = ""
    """SQLAlchemy URL, of PostgreSQL or SQLite; its user should be one that may only read."""
    url_file: str = ""
    """File of one line, the URL, which holds a password."""
    timeout_s: Annotated[int, Meta(ge=1, le=3600)] = 60
    """A view that takes longer is given up."""


class ImportSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """The ways by which tables of offices come by themselves."""

    folder: str = ""
    """Below it lie the folders of sources; empty: none is watched."""
    sftp: dict[str, SftpSettings] = {}
    database: dict[str, DatabaseSettings] = {}


class SpoolLimits(Struct, frozen=True, forbid_unknown_fields=True):
    """How much an agent keeps for a centre that it does not reach."""

    days: Annotated[int, Meta(ge=1)] = 30
    """Older samples are given up."""
    megabytes: Annotated[int, Meta(ge=1)] = 1024
    """Of 1,048,576 bytes: a file that would grow beyond gives up its oldest."""


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """One process of the server."""

    catalogue: Path = DISTRICTS / "tongzhou"
    data_dir: Path = Path("data")
    core_data_dir: str = ""
    """The core's, on the same machine, where ``data_dir`` is that of pages beside it."""
    broker: BrokerSettings = field(default_factory=BrokerSettings)
    store: Literal["duckdb", "victoriametrics", "influxdb"] = "duckdb"
    store_url: str = ""
    """Where the store's server listens; DuckDB has none."""
    state_url: str = ""
    """SQLAlchemy URL of a PostgreSQL database; empty means SQLite in ``data_dir``."""
    state_owner_url: str = ""
    """The same database by the role whose the tables are, which migrates and restores; empty: that
    is the role of ``state_url``.
    """
    http_host: str = "127.0.0.1"
    http_port: Port = 8000
    plain_text: bool = False
    """Whether a network may reach the pages without a ``public_url`` of https."""
    public_url: str = ""
    """Scheme and host under which people reach the pages; empty: as each request names it."""
    trusted_proxies: str = "127.0.0.1,::1"
    """Addresses and networks, apart by commas: believed when they say for whom they ask."""
    oidc: OidcSettings = field(default_factory=OidcSettings)
    upto_grace_ms: Annotated[int, Meta(ge=0)] = 30_000
    """Silence is known up to now less this."""
    reconnect_grace_ms: Annotated[int, Meta(ge=0)] = 60_000
    """After a connect silence is known only when the stations had this long to come back."""
    keep_months: Annotated[int, Meta(ge=0)] = 0
    """Whole months of readings that are kept behind the running one; 0: all, for ever."""
    keep_deadletters: Annotated[int, Meta(ge=1)] = 100_000
    """Dead letters that are kept; beyond it the oldest of the station with the most are only
    counted.
    """
    keep_deadletters_mib: Annotated[int, Meta(ge=1)] = 256
    """Their room on disk, bounded in the same way."""
    channel: tuple[ChannelSettings, ...] = ()
    notify: NotifySettings = field(default_factory=NotifySettings)
    attachments: AttachmentSettings = field(default_factory=AttachmentSettings)
    imports: ImportSettings = field(default_factory=ImportSettings)
    map: MapSettings = field(default_factory=MapSettings)
    report_periods: Annotated[str, Meta(pattern=f"^({_SPAN}(,{_SPAN})*)?$")] = "month,quarter,year"
    """Of which papers on water and air are made by themselves, apart by commas; empty: of none."""
    language: LanguageTag = "zh-CN"
    """Of messages, and of pages for whose reader neither account nor browser asks for another."""
    key_file: str = ""
    """File of the site's secret key, the same for every process; empty: ``site.key`` in
    ``data_dir``, drawn at the first start.
    """
    backup_recipients: str = ""
    """File of the public keys for which ``qingyuan backup`` seals; empty: in clear."""
    metrics_token: str = ""
    """Readers of /metrics on another machine must send it; empty: from this machine alone."""


def load(file: Path | None, environment: Mapping[str, str]) -> Settings:
    """Settings of the file, overlaid by the environment.

    Raises:
        FaultyInput: a file is missing or broken, or a value does not hold.
    """
    values = read_toml(file, "name an existing settings file") if file else {}
    tables = {table: dict(values.pop(table, {})) for table in TABLES}
    for name, text in environment.items():
        if not name.startswith(PREFIX):
            continue
        key = name.removeprefix(PREFIX).lower()
        table, _, rest = key.partition("_")
        if table in tables:
            tables[table][rest] = text
        else:
            values[key] = text
    try:
        found = msgspec.convert(values | tables, Settings, strict=False, dec_hook=_path)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at ")
        place = where.strip("`$.") or "settings"
        remedy = f"mend it in {file or 'the environment'} ({PREFIX}{place.upper()})"
        raise FaultyInput([Fault(place, what, remedy)]) from error
    settings = msgspec.structs.replace(
        found,
        broker=_with_password(found.broker),
        oidc=_with_secret(found.oidc),
        channel=tuple(_channel(at, each) for at, each in enumerate(found.channel)),
        public_url=_public_url(found.public_url),
        trusted_proxies=_proxies(found.trusted_proxies),
    )
    if faults := list(_wrong(settings)):
        raise FaultyInput(faults)
    return settings


def _wrong(settings: Settings) -> Iterator[Fault]:
    names = [channel.name for channel in settings.channel]
    for at, name in enumerate(names):
        if name in names[:at]:
            what = f"{name} is the name of another channel"
            yield Fault(f"channel[{at}].name", what, "give each channel its own name")
    covered = settings.plain_text or settings.public_url.startswith("https:")
    if not covered and not is_loopback(settings.http_host):
        what = f"{settings.http_host}: passwords would cross the network in clear"
        remedy = "put a proxy with TLS before it and its https address in public_url"
        yield Fault("http_host", what, f"{remedy}, or set plain_text = true")
    if settings.oidc.issuer:
        yield from _wrong_oidc(settings)


def _wrong_oidc(settings: Settings) -> Iterator[Fault]:
    """Faults of a second way in."""
    oidc = settings.oidc
    if not protected(oidc.issuer):
        what = f"{oidc.issuer!r} is no https address"
        yield Fault("oidc.issuer", what, "write the issuer's address as it writes it itself")
    if not oidc.client_id:
        yield Fault("oidc.client_id", "is missing", "write our name at the issuer")
    if not settings.public_url:
        remedy = "write where people reach the pages: the issuer sends them back there"
        yield Fault("public_url", "is missing beside oidc.issuer", remedy)


def is_loopback(host: str) -> bool:
    """Whether an address is one of this machine for itself."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def protected(url: str) -> bool:
    """Whether nobody between can read or change what is sent to an address."""
    try:
        parts = urlsplit(url)
        here = parts.hostname in ("127.0.0.1", "::1", "localhost")
    except ValueError:
        return False
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and here))


def _public_url(given: str) -> str:
    """The same as a browser writes an Origin: small letters, no last slash, no usual port."""
    found = given.lower().removesuffix("/")
    found = found.removesuffix(":443" if found.startswith("https:") else ":80")
    if found and not _PUBLIC_URL.fullmatch(found):
        remedy = "write scheme and host, such as https://renda.example"
        raise FaultyInput([Fault("public_url", f"{given} is no address of a site", remedy)])
    return found


def _proxies(given: str) -> str:
    """The same without blanks."""
    proxies = [each.strip() for each in given.split(",")]
    try:
        for each in proxies:
            ip_network(each)
    except ValueError as error:
        remedy = "write addresses or networks, such as 10.0.0.5, 10.1.0.0/24, apart by commas"
        raise FaultyInput([Fault("trusted_proxies", str(error), remedy)]) from error
    return ",".join(proxies)


def _with_password(broker: BrokerSettings) -> BrokerSettings:
    """The same with what its password file holds."""
    where, file = "broker.password_file", broker.password_file
    if not file:
        return broker
    lines = _lines(where, file)
    if len(lines) not in (1, 2) or not all(lines):
        what, remedy = f"{file} has {len(lines)} lines", "write the password, or username above it"
        raise FaultyInput([Fault(where, what, remedy)])
    if broker.password:
        what = "is set beside broker.password"
        raise FaultyInput([Fault(where, what, "take one of the two out")])
    username = lines[0] if len(lines) == 2 else broker.username
    return msgspec.structs.replace(broker, username=username, password=lines[-1])


def _with_secret(oidc: OidcSettings) -> OidcSettings:
    """The same with what its file of the secret holds."""
    secret = _secret("oidc.client_secret", oidc.client_secret, oidc.client_secret_file)
    return msgspec.structs.replace(oidc, client_secret=secret)


def _channel(at: int, channel: ChannelSettings) -> ChannelSettings:
    """The same with what its file of the secret holds, and whose messages go there."""
    secret = _secret(f"channel[{at}].secret", channel.secret, channel.secret_file)
    reads = channel.reads or ("officer" if channel.kind in CHATS else "")
    return msgspec.structs.replace(channel, secret=secret, reads=reads)


def _secret(where: str, given: str, file: str) -> str:
    if not file:
        return given
    lines = _lines(f"{where}_file", file)
    if len(lines) != 1 or not all(lines):
        what = f"{file} has {len(lines)} lines"
        raise FaultyInput([Fault(f"{where}_file", what, "write the secret alone")])
    if given:
        what = f"is set beside {where}"
        raise FaultyInput([Fault(f"{where}_file", what, "take one of the two out")])
    return lines[0]


def _lines(where: str, file: str) -> list[str]:
    """Those of a file, however its editor begins it and ends them."""
    try:
        return Path(file).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        what, remedy = f"{file} cannot be read ({error})", "name a text file that we may read"
        raise FaultyInput([Fault(where, what, remedy)]) from error


def _path(wanted: type, value: object) -> Path:
    """Conversions that msgspec lacks."""
    if wanted is Path and isinstance(value, str):
        return Path(value)
    raise TypeError("expected a path")
