"""SMS by Aliyun (阿里云短信服务, Dysmsapi 2017-05-25), signed by ACS3-HMAC-SHA256."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import TypeVar
from urllib.parse import quote, urlencode, urlsplit
from uuid import uuid4

import msgspec
from msgspec import Struct, field

from alerting.channels.http import Provider
from alerting.channels.making import Surroundings
from alerting.channels.parameters import parameters, persons_only, secret
from alerting.channels.protocol import (
    AddressKind,
    Channel,
    Later,
    Limit,
    Never,
    Outcome,
    Outgoing,
    Taken,
)
from alerting.channels.sms.template import Template, mobile, template
from alerting.channels.verdicts import Verdicts, parsed
from config.settings import ChannelSettings
from config.vocabulary.time import day_of

EXAMPLE = (
    "https://dysmsapi.aliyuncs.com?key=<AccessKeyId>&sign=<签名>&template=<SMS_…>"
    "&params=title,short"
)
VERSION = "2017-05-25"
LONGEST = 35
"""Characters of one variable."""
ARRIVED, FAILED = 3, 2
"""Values of ``SendStatus``; 1 waits for its receipt."""
MINUTE_S, HOUR_S = 60.0, 3600.0
BY_MINUTE = "分钟级"
"""Stands in the words of a limit that ends soon; others are of an hour or a day."""
VERDICTS = Verdicts(
    never=frozenset(
        {
            "isv.BLACK_KEY_CONTROL_LIMIT",
            "isv.PARAM_LENGTH_LIMIT",
            "isv.PARAM_NOT_SUPPORT_URL",
            "isv.SMS_CONTENT_ILLEGAL",
        }
    ),
    gone=frozenset({"isv.MOBILE_NUMBER_ILLEGAL"}),
    each={"isv.BUSINESS_LIMIT_CONTROL": HOUR_S},
    after={
        "isv.DAY_LIMIT_CONTROL": HOUR_S,
        "isv.MONTH_LIMIT_CONTROL": HOUR_S,
    },
)


def authorization(key: str, secret_text: str, query: str, headers: Mapping[str, str]) -> str:
    """The ``Authorization`` of a POST to ``/`` without a body; names of headers in small letters.

    The form is that of "V3 request structure and signature"; the tests hold its worked example.
    """
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    names = ";".join(sorted(headers))
    request = f"POST\n/\n{query}\n{lines}\n{names}\n{headers['x-acs-content-sha256']}"
    signed = f"ACS3-HMAC-SHA256\n{sha256(request.encode()).hexdigest()}"
    signature = hmac.digest(secret_text.encode(), signed.encode(), "sha256").hex()
    return f"ACS3-HMAC-SHA256 Credential={key},SignedHeaders={names},Signature={signature}"


T = TypeVar("T")


class Sent(Struct, rename="pascal"):
    """The answer to a message."""

    code: str
    message: str = ""
    biz_id: str = ""


class Detail(Struct, rename="pascal"):
    """One message of a number and day."""

    send_status: int = 0


class Details(Struct):
    """They lie two deep."""

    found: list[Detail] = field(name="SmsSendDetailDTO", default_factory=list)


class Queried(Struct):
    """The answer to a question for receipts."""

    details: Details = field(name="SmsSendDetailDTOs", default_factory=Details)


class Aliyun:
    """Sends by one template, and asks for receipts."""

    reaches: AddressKind = "mobile"
    limit: Limit | None = Limit(5000, 1.0)

    def __init__(
        self,
        address: str,
        given: Mapping[str, str],
        secret_text: str,
        form: Template,
        provider: Provider,
        now_ms: Callable[[], int],
    ) -> None:
        self._address, self._given, self._secret = address, given, secret_text
        self._form, self._provider, self._now_ms = form, provider, now_ms

    def send(self, outgoing: Outgoing) -> Outcome:
        """Make one attempt."""
        digits = _digits(outgoing.addresses[0])
        if isinstance(digits, Never):
            return digits
        values = dict(zip(self._form.names, self._form.values(outgoing), strict=True))
        asked = {
            "PhoneNumbers": digits,
            "SignName": self._given["sign"],
            "TemplateCode": self._given["template"],
            "TemplateParam": msgspec.json.encode(values).decode(),
            "OutId": outgoing.key,
        }
        answer = self._asked("SendSms", asked, digits, Sent)
        if isinstance(answer, Later):
            return answer
        if answer.code == "OK":
            return Taken(answer.biz_id)
        secrets = self._secrets(digits)
        found = VERDICTS.refused(answer.code, answer.message, outgoing.addresses, secrets)
        if isinstance(found, Later) and BY_MINUTE in answer.message:
            return replace(found, after_s=MINUTE_S)
        return found

    def delivered(self, provider_id: str, address: str, sent_ms: int) -> bool | None:
        """Whether the phone has it, as the operator's receipt says."""
        digits = _digits(address)
        if isinstance(digits, Never):
            return None
        asked = {
            "PhoneNumber": digits,
            "BizId": provider_id,
            "SendDate": day_of(sent_ms).replace("-", ""),
            "PageSize": "10",
            "CurrentPage": "1",
        }
        answer = self._asked("QuerySendDetails", asked, digits, Queried)
        if isinstance(answer, Later):
            return None
        found = {each.send_status for each in answer.details.found}
        return True if ARRIVED in found else False if FAILED in found else None

    def _asked(
        self, action: str, asked: Mapping[str, str], digits: str, shape: type[T]
    ) -> T | Later:
        query = urlencode(sorted(asked.items()), quote_via=quote, safe="-_.~")
        headers = {
            "host": urlsplit(self._address).netloc,
            "x-acs-action": action,
            "x-acs-content-sha256": sha256(b"").hexdigest(),
            "x-acs-date": f"{datetime.fromtimestamp(self._now_ms() // 1000, UTC):%FT%TZ}",
            "x-acs-signature-nonce": uuid4().hex,
            "x-acs-version": VERSION,
        }
        signed = authorization(self._given["key"], self._secret, query, headers)
        headers["authorization"] = signed
        found = self._provider.ask("POST", f"{self._address}/?{query}", b"", headers)
        return parsed(found, shape, self._secrets(digits))

    def _secrets(self, digits: str) -> tuple[str, ...]:
        return (self._secret, self._given["key"], digits)


def _digits(address: str) -> str | Never:
    """A number as the provider writes it: the country stands before foreign ones alone."""
    found = mobile(address)
    if isinstance(found, Never):
        return found
    return found.digits.removeprefix("86") if found.mainland else found.digits


def made(settings: ChannelSettings, around: Surroundings) -> Channel:
    """A template's channel by key, signature and template of the account.

    Raises:
        WrongChannelError: a setting does not hold.
    """
    persons_only(settings)
    needed = ("key", "sign", "template", "params")
    address, given = parameters(settings, EXAMPLE, needed, ("longest",))
    key = secret(settings, "the AccessKeySecret")
    form = template(given, LONGEST, EXAMPLE)
    provider = Provider(settings.ca, private=settings.private)
    return Aliyun(address, given, key, form, provider, around.now_ms)
