"""SMS by Aliyun, against a server that checks what the provider's pages ask for: V3 request
structure and signature, SendSms, QuerySendDetails, and its rules for variables of a template.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest

from alerting.channels.making import WrongChannelError
from alerting.channels.protocol import Later, Limit, Never, Outcome, Taken
from alerting.channels.sms.aliyun import Aliyun, authorization
from tests.channels.cases import NOW_MS, made, to
from tests.channels.providers import Reply, Request, in_json, provider

KEY, SECRET = "LTAI5tAccessKeyIdOfTheTests", "AccessKeySecretOfTheTests0001"
MOBILE = "13800001111"
QUERY = f"key={KEY}&sign=清源监督&template=SMS_154950909&params=title,short"


def test_the_signature_is_that_of_the_providers_worked_example() -> None:
    """Fixed parameters of the page "V3 request structure and signature"."""
    nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    headers = {
        "host": "ecs.cn-shanghai.aliyuncs.com",
        "x-acs-action": "RunInstances",
        "x-acs-content-sha256": nothing,
        "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-version": "2014-05-26",
    }
    query = "ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai"
    assert authorization("YourAccessKeyId", "YourAccessKeySecret", query, headers) == (
        "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;"
        "x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature="
        "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )


class AliyunServer:
    """As the provider: its own clock, nonces of one use, 50 messages a number and day by one
    template, receipts by day.
    """

    def __init__(self) -> None:
        self.now_ms = NOW_MS
        self.nonces: set[str] = set()
        self.sent: list[dict[str, str]] = []
        self.status = 1

    def __call__(self, request: Request) -> Reply:
        assert (request.method, request.path, request.body) == ("POST", "/", b"")
        if fault := self._fault(request):
            return in_json({"Code": fault, "Message": f"no such, {KEY}", "RequestId": "r"}, 400)
        assert request.headers["x-acs-version"] == "2017-05-25"
        if request.headers["x-acs-action"] == "SendSms":
            code, more = self._send(dict(request.query))
        else:
            assert request.headers["x-acs-action"] == "QuerySendDetails"
            code, more = "OK", self._details(dict(request.query))
        return in_json({"Code": code, "Message": code, "RequestId": "r", **more})

    def _fault(self, request: Request) -> str:
        headers = request.headers
        given = re.fullmatch(
            r"ACS3-HMAC-SHA256 Credential=(.+),SignedHeaders=(.+),Signature=([0-9a-f]{64})",
            headers["authorization"],
        )
        assert given
        if given[1] != KEY:
            return "InvalidAccessKeyId.NotFound"
        at = datetime.strptime(headers["x-acs-date"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        if abs(datetime.fromtimestamp(self.now_ms / 1000, UTC) - at) > timedelta(minutes=15):
            return "InvalidTimeStamp.Expired"
        if headers["x-acs-signature-nonce"] in self.nonces:
            return "SignatureNonceUsed"
        self.nonces.add(headers["x-acs-signature-nonce"])
        names = given[2].split(";")
        assert names == sorted(names)
        assert {"host", *(name for name in headers if name.startswith("x-acs-"))} <= set(names)
        pairs = sorted(request.query.items())
        query = "&".join(
            f"{quote(name, safe='~')}={quote(text, safe='~')}" for name, text in pairs
        )
        listed = "".join(f"{name}:{headers[name].strip()}\n" for name in names)
        payload = hashlib.sha256(request.body).hexdigest()
        canonical = "\n".join(["POST", "/", query, listed, given[2], payload])
        text = "ACS3-HMAC-SHA256\n" + hashlib.sha256(canonical.encode()).hexdigest()
        wanted = hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()
        return "" if wanted == given[3] else "SignatureDoesNotMatch"

    def _send(self, asked: dict[str, str]) -> tuple[str, dict[str, object]]:
        if not re.fullmatch(r"1\d{10}|[2-9]\d{6,14}|1\d{11,14}", asked["PhoneNumbers"]):
            return "isv.MOBILE_NUMBER_ILLEGAL", {}
        if (asked["SignName"], asked["TemplateCode"]) != ("清源监督", "SMS_154950909"):
            return "isv.SMS_TEMPLATE_ILLEGAL", {}
        if faults := [
            fault
            for value in json.loads(asked["TemplateParam"]).values()
            for fault, at_fault in (
                ("isv.PARAM_LENGTH_LIMIT", not 1 <= len(value) <= 35),
                ("isv.PARAM_NOT_SUPPORT_URL", "://" in value),
                ("isv.SMS_CONTENT_ILLEGAL", re.search(r"[【】①³ⅢⅤ\n]", value)),
            )
            if at_fault
        ]:
            return faults[0], {}
        if sum(each["PhoneNumbers"] == asked["PhoneNumbers"] for each in self.sent) >= 50:
            return "isv.BUSINESS_LIMIT_CONTROL", {}
        self.sent.append(asked)
        return "OK", {"BizId": f"9006195459762{len(self.sent):04}^0"}

    def _details(self, asked: dict[str, str]) -> dict[str, object]:
        found = [
            {"PhoneNum": each["PhoneNumbers"], "OutId": each["OutId"], "SendStatus": self.status}
            for n, each in enumerate(self.sent, 1)
            if each["PhoneNumbers"] == asked["PhoneNumber"]
            and asked["BizId"] == f"9006195459762{n:04}^0"
            and asked["SendDate"] == "20261130"
            and int(asked["PageSize"]) <= 50
            and asked["CurrentPage"] == "1"
        ]
        return {"TotalCount": len(found), "SmsSendDetailDTOs": {"SmsSendDetailDTO": found}}


def channel(url: str, server: AliyunServer | None = None, query: str = QUERY) -> Aliyun:
    clock = server or AliyunServer()
    sms = made("sms-aliyun", f"{url}?{query}", SECRET, lambda: clock.now_ms)
    assert isinstance(sms, Aliyun)
    return sms


def test_a_person_gets_the_variables_of_the_template() -> None:
    """Signed as the provider checks; our key comes back in its receipts."""
    server = AliyunServer()
    with provider(server) as found:
        assert channel(found.url).send(to(MOBILE)) == Taken("90061954597620001^0")
    [sent] = server.sent
    assert sent["PhoneNumbers"] == MOBILE
    assert sent["OutId"] == "018f-delivery-1"
    assert json.loads(sent["TemplateParam"]) == {
        "title": "潮白河溶解氧偏低 警告",
        "short": "潮白河东关大桥溶解氧3.1mg/L，低于III类，40分钟",
    }


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("13800001111", "13800001111"),
        ("+8613800001111", "13800001111"),
        ("+85261234567", "85261234567"),
        ("+12025550123", "12025550123"),
    ],
)
def test_a_number_is_written_as_the_provider_takes_it(address: str, written: str) -> None:
    """11 digits of the mainland; others with their country."""
    server = AliyunServer()
    with provider(server) as found:
        assert isinstance(channel(found.url).send(to(address)), Taken)
    assert server.sent[0]["PhoneNumbers"] == written


@pytest.mark.parametrize(
    "address", ["1380000111", "85261234567", "+86138", "wangfang", "+0123456789"]
)
def test_what_is_no_number_is_gone_without_a_request(address: str) -> None:
    """Nobody is asked, nobody is named."""
    with provider(AliyunServer()) as found:
        said = Never("the address is no mobile number", gone=(address,))
        assert channel(found.url).send(to(address)) == said
    assert not found.requests


def test_a_variable_is_cut_to_what_the_provider_takes() -> None:
    """35 characters, or what the settings say; marks that it refuses become plain ones."""
    long = to(MOBILE, title="【凉水河】 流量 ³ 突变\n第①次", short="溶" * 60)
    server = AliyunServer()
    with provider(server) as found:
        assert isinstance(channel(found.url).send(long), Taken)
        shorter = channel(found.url, query=f"{QUERY}&longest=20")
        assert isinstance(shorter.send(long), Taken)
    first, second = (json.loads(each["TemplateParam"]) for each in server.sent)
    assert first == {"title": "[凉水河] 流量 3 突变 第1次", "short": f"{'溶' * 34}…"}
    assert second["short"] == f"{'溶' * 19}…"


@pytest.mark.parametrize(
    ("link", "path"),
    [
        ("https://renda.example/m/8f3kQ2xT", "m/8f3kQ2xT"),
        ("https://renda.example/m?t=8f3kQ2xT", "m?t=8f3kQ2xT"),
        (f"https://renda.example/m/{'x' * 34}", "."),
        ("", "."),
    ],
)
def test_a_link_goes_as_its_path_for_a_template_with_our_host(link: str, path: str) -> None:
    """The provider takes no address as a variable. One that is too long is not cut: a dot leads to
    the first page.
    """
    server = AliyunServer()
    with provider(server) as found:
        sms = channel(found.url, query=QUERY.replace("title,short", "title,time,path"))
        assert isinstance(sms.send(to(MOBILE, link=link)), Taken)
    values = json.loads(server.sent[0]["TemplateParam"])
    assert values["path"] == path
    assert values["time"] == "11-30 22:10"


def test_more_than_a_number_may_get_waits() -> None:
    """By the day for an hour, by the minute for a minute; others do not."""
    server = AliyunServer()
    with provider(server) as found:
        sms = channel(found.url, server)
        assert all(isinstance(sms.send(to(MOBILE)), Taken) for _ in range(50))
        limit = "isv.BUSINESS_LIMIT_CONTROL"
        assert sms.send(to(MOBILE)) == Later(f"{limit} {limit}", 3600.0, of_reader=True)
        words = "触发分钟级流控Permits:1"
        found.answers = in_json({"Code": limit, "Message": words})
        assert sms.send(to(MOBILE)) == Later(f"{limit} {words}", 60.0, of_reader=True)


def test_a_clock_that_is_off_is_told_and_tried_again() -> None:
    """Fifteen minutes, says the provider; its answer is of status 400 and repeats our key."""
    with provider(AliyunServer()) as found:
        late = made("sms-aliyun", f"{found.url}?{QUERY}", SECRET, lambda: NOW_MS - 901_000)
        assert late.send(to(MOBILE)) == Later("InvalidTimeStamp.Expired no such, …")


@pytest.mark.parametrize(("status", "arrived"), [(1, None), (2, False), (3, True)])
def test_a_receipt_tells_whether_the_phone_has_it(status: int, arrived: bool | None) -> None:
    """By the number, the day of the district and the provider's name of the message."""
    server = AliyunServer()
    server.status = status
    with provider(server) as found:
        sms = channel(found.url, server)
        taken = sms.send(to(MOBILE))
        assert isinstance(taken, Taken)
        assert not taken.delivered
        assert sms.delivered(taken.provider_id, MOBILE, NOW_MS) is arrived
        assert sms.delivered("another", MOBILE, NOW_MS) is None


def test_a_receipt_that_cannot_be_asked_for_is_not_known() -> None:
    """Neither a refusal nor a provider that is away says anything of the phone."""
    with provider(AliyunServer()) as found:
        sms = channel(found.url)
        for reply in (in_json({"Code": "isv.X"}), Reply(500), Reply(fails="cut")):
            found.answers = reply
            assert sms.delivered("9006", MOBILE, NOW_MS) is None


@pytest.mark.parametrize(
    ("code", "words", "outcome"),
    [
        ("isv.MOBILE_NUMBER_ILLEGAL", f"号码{MOBILE}不合法", Never("号码…不合法", (MOBILE,))),
        ("isv.SMS_CONTENT_ILLEGAL", "短信内容包含禁止发送内容", Never("短信内容包含禁止发送内容")),
        ("isv.PARAM_NOT_SUPPORT_URL", "不支持URL", Never("不支持URL")),
        ("isv.OUT_OF_SERVICE", "业务停机", Later("业务停机")),
        ("isv.DAY_LIMIT_CONTROL", "触发日发送限额", Later("触发日发送限额", 3600.0)),
        ("SignatureDoesNotMatch", f"signed by {SECRET}", Later("signed by …")),
    ],
)
def test_an_error_is_told_in_the_providers_words(code: str, words: str, outcome: Outcome) -> None:
    """Also behind a status of 200; the number, key and secret are left out."""
    with provider(in_json({"Code": code, "Message": words})) as found:
        said = channel(found.url).send(to(MOBILE))
    assert not isinstance(outcome, Taken)
    assert said == replace(outcome, why=f"{code} {outcome.why}")


def test_its_limit_is_the_providers() -> None:
    """5000 a second; that of a number is in its answers."""
    sms = channel("https://dysmsapi.aliyuncs.com")
    assert (sms.limit, sms.reaches) == (Limit(5000, 1.0), "mobile")


@pytest.mark.parametrize(
    ("query", "secret", "more", "field", "what"),
    [
        ("", SECRET, {}, "url", "has no key and no sign and no template and no params"),
        (QUERY.replace("title,short", "title,name"), SECRET, {}, "url", "other than title, short"),
        (QUERY.replace("title,short", "title,title"), SECRET, {}, "url", "or one twice"),
        (f"{QUERY}&longest=many", SECRET, {}, "url", "longest that is not 4 to 500"),
        (f"{QUERY}&region=x", SECRET, {}, "url", "has other parameters than"),
        (QUERY, "", {}, "secret", "is missing"),
        (QUERY, SECRET, {"reads": "officer"}, "reads", "needs a group chat"),
    ],
)
def test_settings_that_do_not_hold_are_named(
    query: str, secret: str, more: dict[str, str], field: str, what: str
) -> None:
    """Field, fault and remedy, and no key."""
    with pytest.raises(WrongChannelError) as raised:
        made("sms-aliyun", f"https://dysmsapi.aliyuncs.com?{query}", secret, **more)
    assert raised.value.field == field
    assert what in raised.value.what
    assert raised.value.remedy
    assert KEY not in f"{raised.value} {raised.value.remedy}"
