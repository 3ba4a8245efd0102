"""The kinds of channels, and those of a site made out of its settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from alerting.channels import apprise_urls, mail, push, webhook
from alerting.channels.console import Console
from alerting.channels.making import Maker, Surroundings, WrongChannelError
from alerting.channels.protocol import Channel
from alerting.channels.robots import dingtalk, feishu, wecom, wecom_app
from alerting.channels.sms import aliyun, tencent
from config.settings import ChannelKind, ChannelSettings
from config.vocabulary.errors import Fault, FaultyInput

MAKERS: Mapping[ChannelKind, Maker] = {
    "mail": mail.made,
    "webhook": webhook.made,
    "apprise": apprise_urls.made,
    "wecom-robot": wecom.made,
    "wecom-app": wecom_app.made,
    "dingtalk": dingtalk.made,
    "feishu": feishu.made,
    "sms-aliyun": aliyun.made,
    "sms-tencent": tencent.made,
    "push": push.made,
    "console": lambda _, around: Console(around.data_dir, around.screen, around.words),
}


def made(settings: Sequence[ChannelSettings], around: Surroundings) -> dict[str, Channel]:
    """The channels by name, in the order of the settings.

    Raises:
        FaultyInput: with every setting that does not hold.
    """
    found, faults = {}, []
    for at, each in enumerate(settings):
        try:
            found[each.name] = MAKERS[each.kind](each, around)
        except WrongChannelError as wrong:
            faults.append(Fault(f"channel[{at}].{wrong.field}", wrong.what, wrong.remedy))
    if faults:
        raise FaultyInput(faults)
    return found
