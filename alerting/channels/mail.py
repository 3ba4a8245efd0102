"""Mail to a person, handed to one SMTP server, which may stand near by."""

from __future__ import annotations

import html
import logging
import re
import smtplib
import socket
import ssl
import time
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime
from hashlib import sha256
from typing import Final, Literal, cast
from urllib.parse import parse_qsl, unquote, urlsplit

from alerting.channels.connecting import connection, explained
from alerting.channels.http import trusting
from alerting.channels.making import Surroundings, WrongChannelError
from alerting.channels.protocol import TIMEOUT_S, Later, Never, Outcome, Outgoing, Taken
from config.settings import ChannelSettings
from config.vocabulary.time import ZONE

Security = Literal["none", "starttls", "tls"]
PORTS: Final = {"none": 25, "starttls": 587, "tls": 465}
LONGEST_WHY = 200
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = re.compile(rf"{_ATOM}(\.{_ATOM})*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
"""Of RFC 5321, without quotes, which nobody has."""
_FORM = "write smtp://user@host:port?from=alarm@example.org&security=starttls"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Server:
    """An SMTP server and who we are there."""

    host: str
    port: int
    sender: str
    security: Security
    user: str = ""
    password: str = ""


class Mail:
    """A channel to persons at their addresses."""

    reaches: Final = "mail"
    limit: Final = None

    def __init__(
        self, server: Server, tls: ssl.SSLContext, site_name: str, timeout_s: float = TIMEOUT_S
    ) -> None:
        self._server, self._tls, self._site_name = server, tls, site_name
        self._timeout_s = timeout_s

    def send(self, outgoing: Outgoing) -> Outcome:
        """Hand it over; the server has it once it says so, whatever comes afterwards."""
        [to] = outgoing.addresses
        if not _ADDRESS.fullmatch(to):
            return Never("this is no mail address")
        until = time.monotonic() + self._timeout_s
        message = written(outgoing, self._server.sender, self._site_name)
        outcome: Outcome | None = None
        try:
            with (
                connection(self._server.host, self._server.port, until) as link,
                _Session(self._server, self._tls, link) as session,
            ):
                outcome = _handed_over(session, message.as_bytes(), self._server.sender, to)
        except (OSError, smtplib.SMTPException) as error:
            outcome = outcome or Later(_why(error))
        if isinstance(outcome, Taken):
            return Taken(message["message-id"])
        return type(outcome)(self._cleaned(outcome.why, to))

    def _cleaned(self, why: str, to: str) -> str:
        """The same in one line without address, user and password, which a server may repeat."""
        for secret in (to, self._server.password, self._server.user):
            why = why.replace(secret, "…") if secret else why
        return _one_line(why)[:LONGEST_WHY]


class _Session(smtplib.SMTP):
    """A greeted server, protected and signed in as the settings say."""

    def __init__(self, server: Server, tls: ssl.SSLContext, link: socket.socket) -> None:
        # Of itself the library asks a resolver for our own name, which may take its time.
        super().__init__(local_hostname=server.sender.rpartition("@")[2])
        self._link = link
        if server.security == "tls":
            self._link = tls.wrap_socket(link, server_hostname=server.host)
        try:
            self._greeted(server, tls)
        except BaseException:
            self.close()
            raise

    def _greeted(self, server: Server, tls: ssl.SSLContext) -> None:
        code, words = self.connect(server.host, server.port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, words)
        self._host = server.host  # the name that is checked; connect() leaves it out
        self.ehlo_or_helo_if_needed()
        if server.security == "starttls":
            self.starttls(context=tls)
            self.ehlo_or_helo_if_needed()
        if server.user:
            self.login(server.user, server.password)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:  # noqa: ARG002
        """The library's own way for another kind of connection, as its SMTP_SSL goes it."""
        return self._link


def _handed_over(session: smtplib.SMTP, message: bytes, sender: str, to: str) -> Outcome:
    if refused := _meant(session.mail(sender), Later):  # it is we who are refused
        return refused
    reply = session.rcpt(to)
    # 5.7: it sends nothing on for us; like the sender a matter of the settings (RFC 3463).
    for_good = Later if reply[1].startswith(b"5.7.") else Never
    return _meant(reply, for_good) or _meant(session.data(message), Never) or Taken()


def _meant(reply: tuple[int, bytes], for_good: type[Later | Never]) -> Later | Never | None:
    """The meaning of a reply; None: go on. ``for_good`` is that of a refusal that stays."""
    code, words = reply
    if 200 <= code < 300:
        return None
    why = f"{code} {words.decode(errors='replace')}"
    return for_good(why) if code >= 500 else Later(why)


def _why(error: OSError | smtplib.SMTPException) -> str:
    match error:
        case smtplib.SMTPResponseException(smtp_code=code, smtp_error=words):
            return (
                f"{code} {words.decode(errors='replace') if isinstance(words, bytes) else words}"
            )
        case smtplib.SMTPServerDisconnected():
            return "cut off"
        case smtplib.SMTPException():
            return str(error)
        case _:
            return explained(error)


def written(outgoing: Outgoing, sender: str, site_name: str) -> EmailMessage:
    """The mail: text, and the same in HTML with the picture in it where there is one."""
    [to] = outgoing.addresses
    domain = sender.rpartition("@")[2]
    mail = EmailMessage(policy=WIRE)
    mail["From"] = Address(_one_line(site_name), addr_spec=sender)
    mail["To"] = Address(addr_spec=to)
    mail["Subject"] = _one_line(outgoing.title)
    mail["Date"] = format_datetime(datetime.fromtimestamp(outgoing.at_ms // 1000, ZONE))
    # The same at each attempt: a mailbox that has it already may show it once.
    identity = sha256(f"{outgoing.key} {to}".encode()).hexdigest()[:32]
    mail["Message-ID"] = f"<{identity}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(f"{outgoing.with_link}\n", cte="base64")
    picture = _picture(outgoing)
    cid = f"{identity}.picture@{domain}" if picture else ""
    mail.add_alternative(_in_html(outgoing, cid), subtype="html", cte="base64")
    if picture:
        *_, page = mail.iter_parts()
        page.add_related(picture, "image", "png", cid=f"<{cid}>", disposition="inline")
    mail["Content-Language"] = outgoing.language  # last: it would move into the first part
    return mail


def _picture(outgoing: Outgoing) -> bytes | None:
    """None also where it cannot be drawn: a message without is better than none."""
    try:
        return outgoing.picture()
    except Exception:
        log.exception("no picture for message %s", outgoing.key)
        return None


def _in_html(outgoing: Outgoing, cid: str) -> str:
    title, link = html.escape(_one_line(outgoing.title)), html.escape(outgoing.link)
    lines = "".join(
        f"<p>{html.escape(line)}</p>\n" for line in outgoing.with_link.splitlines() if line
    )
    if link:
        lines = lines.replace(link, f'<a href="{link}" style="color:#0b5cad">{link}</a>')
    picture = f'<p><img src="cid:{cid}" alt="{title}" style="max-width:100%"></p>\n' if cid else ""
    return (
        f'<!DOCTYPE html>\n<html lang="{outgoing.language}"><head><meta charset="utf-8">'
        f"<title>{title}</title></head>\n"
        '<body style="max-width:640px;margin:0 auto;padding:16px;'
        'font:16px/1.6 sans-serif;color:#1a1a1a;background:#ffffff">\n'
        f'<h1 style="font-size:20px">{title}</h1>\n{lines}{picture}</body></html>\n'
    )


def _one_line(text: str) -> str:
    """A header's or a log's: nothing in it ends a line."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def made(channel: ChannelSettings, around: Surroundings) -> Mail:
    """A channel out of its settings.

    Raises:
        WrongChannelError: a setting does not hold.
    """
    if channel.reads:
        what, remedy = "is set, and mail goes to persons", "leave it out"
        raise WrongChannelError("reads", what, remedy)
    return Mail(_server(channel), trusting(channel.ca), around.site_name)


def _server(channel: ChannelSettings) -> Server:
    try:
        url = urlsplit(channel.url)
        host, port = url.hostname or "", url.port
        given = dict(parse_qsl(url.query, strict_parsing=bool(url.query)))
    except ValueError:
        raise WrongChannelError("url", "is no address of a mail server", _FORM) from None
    if url.scheme != "smtp" or not host or not channel.url.isascii() or url.path not in ("", "/"):
        raise WrongChannelError("url", "is no address of a mail server", _FORM)
    if unknown := given.keys() - {"from", "security"}:
        raise WrongChannelError("url", f"has an unknown part: {min(unknown)}", _FORM)
    sender = given.get("from", "")
    if not _ADDRESS.fullmatch(sender):
        raise WrongChannelError("url", "has no from=, the mail address of the sender", _FORM)
    security = given.get("security") or ("tls" if port == PORTS["tls"] else "starttls")
    if security not in PORTS:
        raise WrongChannelError("url", f"has security={security}", "write none, starttls or tls")
    user = _user(channel, url.username, url.password, bare=security == "none")
    found = cast("Security", security)
    return Server(host, port or PORTS[found], sender, found, user, channel.secret)


def _user(channel: ChannelSettings, user: str | None, password: str | None, *, bare: bool) -> str:
    if password is not None:
        raise WrongChannelError("url", "has a password", "write it into secret or secret_file")
    if bool(user) != bool(channel.secret):
        what = "has no user for the secret" if channel.secret else "has a user without a secret"
        raise WrongChannelError("url", what, "write both, or neither where none is asked for")
    if bare and user and not channel.private:
        what = "has a user, and with security=none anybody could read the password"
        remedy = "write security=starttls or tls, or set private = true for a server of your own"
        raise WrongChannelError("url", what, remedy)
    found = unquote(user or "")
    if not (found.isascii() and found.isprintable()):
        raise WrongChannelError("url", "has a user in other letters than ASCII", _FORM)
    if not (channel.secret.isascii() and channel.secret.isprintable()):
        remedy = "take a password of letters, figures and signs on every keyboard"
        raise WrongChannelError("secret", "has other letters than ASCII", remedy)
    return found
