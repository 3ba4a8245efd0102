"""The register of the demonstration: enough deputies for a motion and for an anonymous survey."""

from __future__ import annotations

from api.platforms.duty.deputies import actions
from api.services import Services
from qingyuan.demo.hands import CLERK, COLLEAGUE, DEPUTY, NEIGHBOUR, account

TERM, FROM_DAY = 18, "2022-01-05"
_SHEET = f"""用户名,姓名,代表团,选区,代表证号,界别,性别,学历
{DEPUTY},陈明,jinsha-delegation,第3选区,0031,农业,男,大专
{COLLEAGUE},徐慧,pingchao-delegation,第21选区,0072,教育,女,本科
{NEIGHBOUR},顾军,pingchao-delegation,第22选区,0075,工业,男,本科
linfang,林芳,jinsha-delegation,第5选区,0034,卫生,女,本科
qianweidong,钱卫东,erjia-delegation,第9选区,0046,农业,男,高中
shenli,沈丽,shigang-delegation,第12选区,0051,妇联,女,本科
mahaibo,马海波,xingdong-delegation,第15选区,0058,工业,男,大专
yuxiuying,于秀英,chuanjiang-delegation,第18选区,0063,农业,女,初中
caowei,曹伟,wujie-delegation,第25选区,0081,科技,男,硕士
luzhenhua,陆振华,liuqiao-delegation,第28选区,0088,基层组织,男,大专
fengyan,冯燕,shizong-delegation,第31选区,0094,教育,女,本科
"""
SIGNERS = ("linfang", "qianweidong", "shenli", "mahaibo", "yuxiuying", "caowei", "luzhenhua",
           "fengyan")  # fmt: skip
"""Deputies as whom no visitor signs in."""


def fill_register(services: Services) -> None:
    """Load the term of the congress from a spreadsheet, as the office does."""
    if actions.register(services, TERM).count:
        return
    office = account(services, CLERK)
    actions.put_term(services, office, str(TERM), FROM_DAY, "")
    checked = actions.check(services, office, TERM, "第18届代表名册.csv", _SHEET.encode())
    actions.load(services, office, TERM, checked.entered)
