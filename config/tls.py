"""TLS to the broker: the settings as a context, and failures in words."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

from config.settings import BrokerSettings, is_loopback
from config.vocabulary.errors import Fault, FaultyInput

_UNKNOWN_AUTHORITY = (2, 18, 19, 20, 21)
_OTHER_NAME = (62, 64)
_NOT_NOW = (9, 10)
"""X509_V_ERR_* of OpenSSL's x509_vfy.h."""
_NO_TLS = ("WRONG_VERSION_NUMBER", "UNEXPECTED_EOF_WHILE_READING", "RECORD_LAYER_FAILURE")
_OURS = ("CERTIFICATE_REQUIRED", "UNKNOWN_CA", "BAD_CERTIFICATE", "CERTIFICATE_UNKNOWN")
"""Reasons of OpenSSL, within longer words: the broker has complained."""


class _Socket(ssl.SSLSocket):
    """Closed where the handshake fails; paho would leave it open."""

    def do_handshake(self, block: bool = False) -> None:  # noqa: FBT001, FBT002  as it is called
        try:
            super().do_handshake(block)
        except OSError:
            self.close()
            raise


def context(broker: BrokerSettings) -> ssl.SSLContext | None:
    """The context of a connection; None where the settings ask for no TLS.

    Raises:
        FaultyInput: with every file that cannot be used, or a password would cross a network in
            clear.
    """
    if not (broker.tls_ca or broker.tls_cert or broker.tls_key):
        if broker.plain_text or is_loopback(broker.host):
            return None
        what = f"is not set, and {broker.host} is another machine: passwords would cross in clear"
        remedy = "name the file of the broker's authority, or set broker.plain_text = true"
        raise FaultyInput([Fault("broker.tls_ca", what, remedy)])
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.sslsocket_class = _Socket
    if faults := [*_missing(broker)] or [*_unusable(broker, made)]:
        raise FaultyInput(faults)
    return made


def _missing(broker: BrokerSettings) -> Iterator[Fault]:
    if not broker.tls_ca:
        what = "is not set, and a client certificate is"
        yield Fault("broker.tls_ca", what, "name the file of the broker's authority")
    if broker.tls_key and not broker.tls_cert:
        yield Fault("broker.tls_cert", "is not set, and tls_key is", "name the key's certificate")
    for key in ("tls_ca", "tls_cert", "tls_key"):
        file = getattr(broker, key)
        if file and not Path(file).is_file():
            yield Fault(f"broker.{key}", f"names no file: {file}", "name one that is there")


def _unusable(broker: BrokerSettings, made: ssl.SSLContext) -> Iterator[Fault]:
    try:
        made.load_verify_locations(broker.tls_ca)
    except ssl.SSLError:
        what = f"{broker.tls_ca} holds no certificate"
        yield Fault("broker.tls_ca", what, "name the authority's file in PEM form")
    except OSError as error:
        yield _unread("broker.tls_ca", broker.tls_ca, error)
    if not broker.tls_cert:
        return
    try:
        # A key with a passphrase would ask for it on the terminal, where nobody sits.
        made.load_cert_chain(broker.tls_cert, broker.tls_key or None, password="")
    except ssl.SSLError:
        what = f"{broker.tls_cert} and its key do not go together"
        remedy = "name certificate and key in PEM form, the key without a passphrase"
        yield Fault("broker.tls_cert", what, remedy)
    except OSError as error:
        yield _unread("broker.tls_cert, broker.tls_key", broker.tls_cert, error)


def _unread(where: str, file: str, error: OSError) -> Fault:
    remedy = "let the user that runs this read it"
    return Fault(where, f"{file} cannot be read ({error.strerror})", remedy)


def explained(error: Exception, broker: BrokerSettings) -> tuple[str, str]:
    """Why a connection did not come about, and the remedy."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return _mistrusted(error, broker)
    reason = (error.reason or "") if isinstance(error, ssl.SSLError) else ""
    if any(word in reason for word in _OURS):
        what = f"it does not accept our certificate ({reason})"
        return what, "mend broker.tls_cert and broker.tls_key"
    reset = isinstance(error, ConnectionResetError) and broker.tls_ca
    if reset or any(word in reason for word in _NO_TLS):
        what = "it does not speak TLS on this port"
        return what, "set broker.port to its TLS port (often 8883)"
    return f"out of reach ({error})", "start it or mend broker.host and broker.port"


def _mistrusted(error: ssl.SSLCertVerificationError, broker: BrokerSettings) -> tuple[str, str]:
    if error.verify_code in _UNKNOWN_AUTHORITY:
        what = f"its certificate is not signed by the authority in {broker.tls_ca}"
        return what, "put the certificate of the one that signed it into broker.tls_ca"
    if error.verify_code in _OTHER_NAME:
        what = f"its certificate is not for the name {broker.host}"
        return what, "set broker.host to a name in the certificate (subjectAltName)"
    if error.verify_code in _NOT_NOW:
        what = f"its certificate is not valid now ({error.verify_message})"
        return what, "look at this machine's clock, then renew the broker's certificate"
    return f"its certificate does not hold ({error.verify_message})", "renew it"


def silence(broker: BrokerSettings) -> str:
    """The remedy where the broker hangs up before it has answered."""
    if not broker.tls_ca:
        return "if this port speaks TLS, set broker.tls_ca"
    if not broker.tls_cert:
        return "if it asks for a client certificate, set broker.tls_cert and broker.tls_key"
    return "look whether it accepts the certificate in broker.tls_cert"
