"""SMS by Tencent Cloud (腾讯云短信, 2021-01-11), signed by TC3-HMAC-SHA256."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Generic, TypeVar
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

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
from alerting.channels.sms.template import Mobile, Template, mobile, template
from alerting.channels.verdicts import Verdicts, parsed
from config.settings import ChannelSettings

EXAMPLE = (
    "https://sms.tencentcloudapi.com?key=<SecretId>&app=<SmsSdkAppId>&sign=<签名>"
    "&template=<模板ID>&params=title,short"
)
SERVICE, VERSION, REGION = "sms", "2021-01-11", "ap-guangzhou"
LONGEST = 12
"""Characters of one variable, where the console shows no other number."""
BEFORE_S = 60
"""Clocks differ: receipts are asked for from so long before the sending on."""
HOUR_S = 3600.0
VERDICTS = Verdicts(
    never=frozenset(
        {
            "FailedOperation.ContainSensitiveWord",
            "FailedOperation.PhoneNumberInBlacklist",
            "InvalidParameterValue.ContentLengthLimit",
            "InvalidParameterValue.ProhibitedUseUrlInTemplateParameter",
            "InvalidParameterValue.TemplateParameterFormatError",
            "InvalidParameterValue.TemplateParameterLengthLimit",
            "LimitExceeded.PhoneNumberSameContentDailyLimit",
        }
    ),
    gone=frozenset({"InvalidParameterValue.IncorrectPhoneNumber"}),
    each={
        "LimitExceeded.DeliveryFrequencyLimit": 60.0,
        "LimitExceeded.PhoneNumberDailyLimit": HOUR_S,
        "LimitExceeded.PhoneNumberOneHourLimit": HOUR_S,
        "LimitExceeded.PhoneNumberThirtySecondLimit": 30.0,
    },
    after={"LimitExceeded.AppDailyLimit": HOUR_S, "LimitExceeded.DailyLimit": HOUR_S},
)


def authorization(
    key: str, secret_text: str, service: str, headers: Mapping[str, str], body: bytes, at_s: int
) -> str:
    """The ``Authorization`` of a POST to ``/``; names of headers in small letters.

    The form is that of "Signature v3"; the tests hold its worked example.
    """
    lines = "".join(f"{name}:{headers[name].lower()}\n" for name in sorted(headers))
    names = ";".join(sorted(headers))
    request = f"POST\n/\n\n{lines}\n{names}\n{sha256(body).hexdigest()}"
    day = f"{datetime.fromtimestamp(at_s, UTC):%F}"
    scope = f"{day}/{service}/tc3_request"
    signed = f"TC3-HMAC-SHA256\n{at_s}\n{scope}\n{sha256(request.encode()).hexdigest()}"
    found = f"TC3{secret_text}".encode()
    for each in (day, service, "tc3_request", signed):
        found = hmac.digest(found, each.encode(), "sha256")
    return (
        f"TC3-HMAC-SHA256 Credential={key}/{scope}, SignedHeaders={names}, Signature={found.hex()}"
    )


T = TypeVar("T")


class Status(Struct, rename="pascal"):
    """The fate of a message, or the error of a request."""

    code: str
    message: str = ""
    serial_no: str = ""


class Sent(Struct, rename="pascal"):
    """The answer to a message: of the request, or of its number."""

    error: Status | None = None
    send_status_set: list[Status] = []


NOTHING = Status("", "nothing is said of the message")


class Receipt(Struct, rename="pascal"):
    """The operator's report."""

    serial_no: str
    report_status: str


class Pulled(Struct, rename="pascal"):
    """The answer to a question for receipts."""

    pull_sms_send_status_set: list[Receipt] = []


class Whole(Struct, Generic[T], rename="pascal"):
    """Every answer."""

    response: T


class Tencent:
    """Sends by one template, and asks for receipts."""

    reaches: AddressKind = "mobile"
    limit: Limit | None = Limit(3000, 1.0)

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
        phone = mobile(outgoing.addresses[0])
        if isinstance(phone, Never):
            return phone
        asked = {
            "PhoneNumberSet": [f"+{phone.digits}"],
            "SmsSdkAppId": self._given["app"],
            "SignName": self._given["sign"],
            "TemplateId": self._given["template"],
            "TemplateParamSet": self._form.values(outgoing),
            "SessionContext": outgoing.key,
        }
        answer = self._asked("SendSms", asked, phone, Whole[Sent])
        if isinstance(answer, Later):
            return answer
        status = answer.response.error or next(iter(answer.response.send_status_set), NOTHING)
        if status.code == "Ok":
            return Taken(status.serial_no)
        secrets = self._secrets(phone)
        return VERDICTS.refused(status.code, status.message, outgoing.addresses, secrets)

    def delivered(self, provider_id: str, address: str, sent_ms: int) -> bool | None:
        """Whether the phone has it, as the operator's receipt says."""
        phone = mobile(address)
        if isinstance(phone, Never):
            return None
        asked = {
            "BeginTime": sent_ms // 1000 - BEFORE_S,
            "Offset": 0,
            "Limit": 100,
            "PhoneNumber": f"+{phone.digits}",
            "SmsSdkAppId": self._given["app"],
        }
        answer = self._asked("PullSmsSendStatusByPhoneNumber", asked, phone, Whole[Pulled])
        if isinstance(answer, Later):
            return None
        receipts = answer.response.pull_sms_send_status_set
        found = {each.report_status for each in receipts if each.serial_no == provider_id}
        return True if "SUCCESS" in found else False if "FAIL" in found else None

    def _asked(
        self, action: str, asked: Mapping[str, object], phone: Mobile, shape: type[T]
    ) -> T | Later:
        body, at_s = msgspec.json.encode(asked), self._now_ms() // 1000
        headers = {
            "content-type": "application/json; charset=utf-8",
            "host": urlsplit(self._address).netloc,
            "x-tc-action": action,
        }
        signed = authorization(self._given["key"], self._secret, SERVICE, headers, body, at_s)
        headers |= {
            "authorization": signed,
            "x-tc-region": self._given.get("region") or REGION,
            "x-tc-timestamp": str(at_s),
            "x-tc-version": VERSION,
        }
        found = self._provider.ask("POST", f"{self._address}/", body, headers)
        return parsed(found, shape, self._secrets(phone))

    def _secrets(self, phone: Mobile) -> tuple[str, ...]:
        return (self._secret, self._given["key"], phone.digits, phone.digits.removeprefix("86"))


def made(settings: ChannelSettings, around: Surroundings) -> Channel:
    """A template's channel by key, application, signature and template of the account.

    Raises:
        WrongChannelError: a setting does not hold.
    """
    persons_only(settings)
    needed = ("key", "app", "sign", "template", "params")
    address, given = parameters(settings, EXAMPLE, needed, ("longest", "region"))
    key = secret(settings, "the SecretKey")
    form = template(given, LONGEST, EXAMPLE)
    provider = Provider(settings.ca, private=settings.private)
    return Tencent(address, given, key, form, provider, around.now_ms)
