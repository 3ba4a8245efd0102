"""SMS by Tencent Cloud, against a server that checks what the provider's pages ask for: Signature
v3, SendSms and PullSmsSendStatusByPhoneNumber of 2021-01-11.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from alerting.channels.making import WrongChannelError
from alerting.channels.protocol import Later, Limit, Never, Outcome, Taken
from alerting.channels.sms.tencent import Tencent, authorization
from tests.channels.cases import NOW_MS, made, to
from tests.channels.providers import Reply, Request, in_json, provider

KEY, SECRET = "AKIDz8krbsJ5yKBZQpn74WFk-tests", "Gu5t9xGARNpq86cd98joQYCN-tests"
MOBILE = "13800001111"
QUERY = f"key={KEY}&app=1400006666&sign=清源监督&template=449739&params=title,short&longest=30"


def test_the_signature_is_that_of_the_providers_worked_example() -> None:
    """Of the page "Signature v3"."""
    body = b'{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}'
    headers = {
        "content-type": "application/json; charset=utf-8",
        "host": "cvm.tencentcloudapi.com",
    }
    key, secret = "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE"
    assert authorization(key, secret, "cvm", headers, body, 1551113065) == (
        "TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/"
        "tc3_request, SignedHeaders=content-type;host, Signature="
        "72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"
    )


class TencentServer:
    """As the provider: its own clock, one message of a number in 30 seconds, receipts."""

    def __init__(self) -> None:
        self.now_ms = NOW_MS
        self.sent: list[tuple[int, dict[str, list[str]]]] = []
        self.status = ""

    def __call__(self, request: Request) -> Reply:
        assert (request.method, request.path) == ("POST", "/")
        if fault := self._fault(request):
            error = {"Code": fault, "Message": f"credential {KEY}"}
            return in_json({"Response": {"Error": error, "RequestId": "r"}})
        assert request.headers["x-tc-version"] == "2021-01-11"
        assert request.headers["x-tc-region"].startswith("ap-")
        if request.headers["x-tc-action"] == "SendSms":
            status = self._send(request.json)
            return in_json({"Response": {"SendStatusSet": [status], "RequestId": "r"}})
        assert request.headers["x-tc-action"] == "PullSmsSendStatusByPhoneNumber"
        found = self._pull(request.json)
        return in_json({"Response": {"PullSmsSendStatusSet": found, "RequestId": "r"}})

    def _fault(self, request: Request) -> str:
        headers, at = request.headers, request.headers["x-tc-timestamp"]
        if abs(int(at) - self.now_ms // 1000) > 300:
            return "AuthFailure.SignatureExpire"
        day = datetime.fromtimestamp(int(at), UTC).strftime("%Y-%m-%d")
        given = re.fullmatch(
            rf"TC3-HMAC-SHA256 Credential=(.+)/{day}/sms/tc3_request, "
            r"SignedHeaders=(.+), Signature=([0-9a-f]{64})",
            headers["authorization"],
        )
        assert given
        if given[1] != KEY:
            return "AuthFailure.SecretIdNotFound"
        names = given[2].split(";")
        assert {"content-type", "host"} <= set(names)
        assert names == sorted(names)
        listed = "".join(f"{name}:{headers[name].lower()}\n" for name in names)
        payload = hashlib.sha256(request.body).hexdigest()
        canonical = "\n".join(["POST", "/", "", listed, given[2], payload])
        hashed = hashlib.sha256(canonical.encode()).hexdigest()
        text = "\n".join(["TC3-HMAC-SHA256", at, f"{day}/sms/tc3_request", hashed])
        secret = ("TC3" + SECRET).encode()
        for part in (day, "sms", "tc3_request"):
            secret = hmac.new(secret, part.encode(), hashlib.sha256).digest()
        wanted = hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()
        return "" if wanted == given[3] else "AuthFailure.SignatureFailure"

    def _send(self, asked: dict[str, list[str]]) -> dict[str, object]:
        [number] = asked["PhoneNumberSet"]
        assert set(asked) <= {
            *("PhoneNumberSet", "SmsSdkAppId", "SignName", "TemplateId"),
            *("TemplateParamSet", "SessionContext"),
        }
        code = "Ok"
        if not re.fullmatch(r"\+[1-9]\d{6,14}", number):
            code = "InvalidParameterValue.IncorrectPhoneNumber"
        elif any("://" in value for value in asked["TemplateParamSet"]):
            code = "InvalidParameterValue.ProhibitedUseUrlInTemplateParameter"
        elif any(not 1 <= len(value) <= 30 for value in asked["TemplateParamSet"]):
            code = "InvalidParameterValue.TemplateParameterLengthLimit"
        elif any(
            at > self.now_ms - 30_000 and each["PhoneNumberSet"] == [number]
            for at, each in self.sent
        ):
            code = "LimitExceeded.PhoneNumberThirtySecondLimit"
        serial = ""
        if code == "Ok":
            self.sent.append((self.now_ms, asked))
            serial = f"5000:10457106691570536578{len(self.sent):04}"
        return {"SerialNo": serial, "PhoneNumber": number, "Code": code, "Message": code}

    def _pull(self, asked: dict[str, int]) -> list[dict[str, object]]:
        assert (asked["Offset"], asked["SmsSdkAppId"]) == (0, "1400006666")
        assert asked["Limit"] <= 100
        assert asked["BeginTime"] > self.now_ms // 1000 - 7 * 86400
        return [
            {"SerialNo": f"5000:10457106691570536578{n:04}", "ReportStatus": self.status}
            for n, (at, each) in enumerate(self.sent, 1)
            if self.status
            and each["PhoneNumberSet"] == [asked["PhoneNumber"]]
            and at // 1000 >= asked["BeginTime"]
        ]


def channel(url: str, server: TencentServer | None = None, query: str = QUERY) -> Tencent:
    clock = server or TencentServer()
    sms = made("sms-tencent", f"{url}?{query}", SECRET, lambda: clock.now_ms)
    assert isinstance(sms, Tencent)
    return sms


def test_a_person_gets_the_variables_in_their_order() -> None:
    """Signed as the provider checks."""
    server = TencentServer()
    with provider(server) as found:
        taken = channel(found.url).send(to(MOBILE))
    assert taken == Taken("5000:104571066915705365780001")
    [(_, sent)] = server.sent
    assert sent == {
        "PhoneNumberSet": ["+8613800001111"],
        "SmsSdkAppId": "1400006666",
        "SignName": "清源监督",
        "TemplateId": "449739",
        "TemplateParamSet": [
            "潮白河溶解氧偏低 警告",
            "潮白河东关大桥溶解氧3.1mg/L，低于III类，40分钟",
        ],
        "SessionContext": "018f-delivery-1",
    }


@pytest.mark.parametrize(
    ("address", "written"),
    [("13800001111", "+8613800001111"), ("+85261234567", "+85261234567")],
)
def test_a_number_is_written_with_its_country(address: str, written: str) -> None:
    """E.164, as the provider wants it."""
    server = TencentServer()
    with provider(server) as found:
        assert isinstance(channel(found.url).send(to(address)), Taken)
    assert server.sent[0][1]["PhoneNumberSet"] == [written]


def test_what_is_no_number_is_gone_without_a_request() -> None:
    """Nobody is asked, nobody is named."""
    with provider(TencentServer()) as found:
        sms = channel(found.url)
        assert sms.send(to("wangfang")) == Never("the address is no mobile number", ("wangfang",))
        assert sms.delivered("5000", "wangfang", NOW_MS) is None
    assert not found.requests


def test_a_variable_is_cut_to_12_characters_where_nothing_else_is_said() -> None:
    """The console shows how many one may have."""
    server = TencentServer()
    with provider(server) as found:
        sms = channel(found.url, query=QUERY.replace("&longest=30", ""))
        assert isinstance(sms.send(to(MOBILE)), Taken)
    assert server.sent[0][1]["TemplateParamSet"] == [
        "潮白河溶解氧偏低 警告",
        "潮白河东关大桥溶解氧3…",
    ]


def test_more_than_a_number_may_get_waits() -> None:
    """As long as the provider's limit is."""
    server = TencentServer()
    with provider(server) as found:
        sms = channel(found.url, server)
        assert isinstance(sms.send(to(MOBILE)), Taken)
        limit = "LimitExceeded.PhoneNumberThirtySecondLimit"
        assert sms.send(to(MOBILE)) == Later(f"{limit} {limit}", 30.0, of_reader=True)
        server.now_ms += 30_000
        assert isinstance(sms.send(to(MOBILE)), Taken)


def test_a_clock_that_is_off_is_told_and_tried_again() -> None:
    """Five minutes, says the provider; its answer repeats our key."""
    with provider(TencentServer()) as found:
        late = made("sms-tencent", f"{found.url}?{QUERY}", SECRET, lambda: NOW_MS - 301_000)
        assert late.send(to(MOBILE)) == Later("AuthFailure.SignatureExpire credential …")


@pytest.mark.parametrize(("status", "arrived"), [("", None), ("FAIL", False), ("SUCCESS", True)])
def test_a_receipt_tells_whether_the_phone_has_it(status: str, arrived: bool | None) -> None:
    """By the number and the provider's name of the message."""
    server = TencentServer()
    server.status = status
    with provider(server) as found:
        sms = channel(found.url, server)
        taken = sms.send(to(MOBILE))
        assert isinstance(taken, Taken)
        server.now_ms += 5_000
        assert sms.delivered(taken.provider_id, MOBILE, NOW_MS) is arrived
        assert sms.delivered("another", MOBILE, NOW_MS) is None


def test_a_receipt_that_cannot_be_asked_for_is_not_known() -> None:
    """Neither a refusal nor a provider that is away says anything of the phone."""
    with provider(TencentServer()) as found:
        sms = channel(found.url)
        error = in_json({"Response": {"Error": {"Code": "InternalError", "Message": ""}}})
        for reply in (error, Reply(500), Reply(fails="cut")):
            found.answers = reply
            assert sms.delivered("5000", MOBILE, NOW_MS) is None


@pytest.mark.parametrize(
    ("code", "words", "outcome"),
    [
        ("InvalidParameterValue.IncorrectPhoneNumber", f"+86{MOBILE}", Never("+…", (MOBILE,))),
        ("FailedOperation.ContainSensitiveWord", "sensitive", Never("sensitive")),
        ("FailedOperation.PhoneNumberInBlacklist", "refuses", Never("refuses")),
        ("FailedOperation.TemplateIncorrectOrUnapproved", "template", Later("template")),
        ("LimitExceeded.PhoneNumberDailyLimit", "daily", Later("daily", 3600.0, of_reader=True)),
        ("LimitExceeded.AppDailyLimit", "daily", Later("daily", 3600.0)),
        ("FailedOperation.InsufficientBalanceInSmsPackage", "empty", Later("empty")),
    ],
)
@pytest.mark.parametrize("whole", [True, False])
def test_an_error_is_told_in_the_providers_words(
    code: str, words: str, outcome: Outcome, whole: bool
) -> None:
    """Of the whole request or of the one number; the number is left out."""
    said = {"Code": code, "Message": words}
    response = {"Error": said} if whole else {"SendStatusSet": [said | {"SerialNo": ""}]}
    with provider(in_json({"Response": response})) as found:
        told = channel(found.url).send(to(MOBILE))
    assert not isinstance(outcome, Taken)
    assert told == replace(outcome, why=f"{code} {outcome.why}")


def test_its_limit_is_the_providers() -> None:
    """3000 a second; that of a number is in its answers."""
    sms = channel("https://sms.tencentcloudapi.com")
    assert (sms.limit, sms.reaches) == (Limit(3000, 1.0), "mobile")


@pytest.mark.parametrize(
    ("query", "secret", "more", "field"),
    [
        (QUERY.replace("app=1400006666&", ""), SECRET, {}, "url"),
        (QUERY.replace("title,short", "text"), SECRET, {}, "url"),
        (QUERY, "", {}, "secret"),
        (QUERY, SECRET, {"reads": "deputy"}, "reads"),
    ],
)
def test_settings_that_do_not_hold_are_named(
    query: str, secret: str, more: dict[str, str], field: str
) -> None:
    """Field, fault and remedy, and no key."""
    with pytest.raises(WrongChannelError) as raised:
        made("sms-tencent", f"https://sms.tencentcloudapi.com?{query}", secret, **more)
    assert raised.value.field == field
    assert raised.value.remedy
    assert KEY not in f"{raised.value} {raised.value.remedy}"
