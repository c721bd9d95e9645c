"""Figures and codes in Chinese and in English, the way a plan says them. Pure."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from aftersales.commitments.rules import Budget
from aftersales.terms.base import Label
from aftersales.terms.coverage import UsageLimit

MONTHS_PER_YEAR: Final = 12

_UNITS: Final[dict[str, tuple[str, str]]] = {
    "minute": ("分钟", "minute"),
    "hour": ("小时", "hour"),
    "working_minute": ("个工作分钟", "working minute"),
    "working_hour": ("个工作小时", "working hour"),
    "calendar_day": ("日", "day"),
    "working_day": ("个工作日", "working day"),
    "day": ("日", "day"),
    "month": ("个月", "month"),
    "year": ("年", "year"),
    "kilometre": ("公里", "kilometre"),
    "operating_hour": ("个运行小时", "operating hour"),
}

GLOSSARY: Final[dict[str, Label]] = {
    "acceptance": Label("验收", "acceptance"),
    "handover": Label("交付", "handover"),
    "completion": Label("竣工", "completion"),
    "invoice": Label("开具发票", "the invoice"),
    "purchase": Label("购买", "purchase"),
    "delivery": Label("交货", "delivery"),
    "leaving_shop": Label("出厂", "leaving the shop"),
    "go_live": Label("上线", "going live"),
    "season_start": Label("当季开始", "the start of the season"),
    "shift_start": Label("班次开始", "the start of the shift"),
    "site_entry": Label("进场", "entering the site"),
    "request": Label("提出要求", "a request"),
    "staff_change": Label("人员变动", "a change of staff"),
    "reported": Label("接到通知", "the notice"),
    "graded": Label("判定等级", "the grading"),
    "phone_failed": Label("电话未能解决", "the phone call that didn't solve it"),
    "remote_failed": Label("远程未能解决", "the remote session that didn't solve it"),
    "on_site_decided": Label("决定上门", "the decision to come on site"),
    "customer_replied": Label("客户答复", "the customer's reply"),
    "acknowledged": Label("响应", "a response"),
    "plan_proposed": Label("提出方案", "a proposed solution"),
    "arranged": Label("安排到位", "arrangements"),
    "dispatched": Label("派出人员", "dispatch"),
    "on_site": Label("到达现场", "arrival on site"),
    "restored": Label("恢复运行", "operation restored"),
    "resolved": Label("解决问题", "resolution"),
    "next_response": Label("再次答复", "the next response"),
    "company": Label("本公司", "the company"),
    "agent": Label("当地代理", "the local agent"),
    "repair": Label("免费维修", "repaired free of charge"),
    "replace": Label("免费更换", "replaced free of charge"),
    "replant": Label("免费补植", "replanted free of charge"),
    "refund": Label("退款", "refunded"),
    "advise": Label("提供处理建议", "answered with advice"),
    "species": Label("品种", "species"),
    "size": Label("规格", "size"),
    "bill_full": Label("按收费标准收费", "charged in full"),
    "cost_only": Label("只收成本费", "charged at cost"),
    "advise_only": Label("只提供处理建议", "answered with advice only"),
    "reject": Label("不予受理", "declined"),
    "customer": Label("客户", "the customer"),
    "damager": Label("造成损坏的一方", "whoever caused the damage"),
    "dealer": Label("经销商", "the dealer"),
    "supplier": Label("供应商", "the supplier"),
    "labour": Label("人工费", "labour"),
    "parts": Label("零部件费", "parts"),
    "travel": Label("上门费", "travel"),
    "upkeep": Label("养护费", "upkeep"),
    "maintenance": Label("保养费", "maintenance"),
    "consultation": Label("咨询费", "consultation"),
    "visit": Label("上门费", "the visit"),
    "customisation": Label("定制开发费", "customisation"),
    "free": Label("免费", "free of charge"),
    "flat": Label("固定收费", "a flat fee"),
    "hourly": Label("按工时计费", "charged by the hour"),
    "cost": Label("按成本计费", "charged at cost"),
    "market_price": Label("以市场价格为准", "charged at the market price"),
    "company_list": Label("以我公司公布的售后价格为准", "charged by the company's published list"),
    "quote": Label("另行报价", "quoted"),
    "always": Label("", ""),
    "in_term": Label("保修期内", "within the term"),
    "after_term": Label("保修期外", "after the term"),
    "excluded": Label("不属保修范围的", "where not covered for its cause"),
    "not_covered": Label("不属保修范围的", "where not covered"),
    "contract_year": Label("每年", "a year"),
    "quarter": Label("每季度", "a quarter"),
    "month": Label("每月", "a month"),
    "week": Label("每周", "a week"),
    "day": Label("每日", "a day"),
    "shift": Label("每班", "a shift"),
    "season": Label("每季节", "a season"),
    "once": Label("共", "in all"),
    "any": Label("", ""),
    "authorised_unit": Label("特约服务单位", "an authorised service unit"),
    "named_person": Label("指定专人", "a named person"),
    "phone": Label("电话", "by phone"),
    "remote": Label("远程", "remotely"),
    "email": Label("电子邮件", "by e-mail"),
    "web": Label("网络", "on the web"),
    "letter": Label("信函", "by letter"),
    "mobile": Label("手机", "by mobile phone"),
    "outreach": Label("走访", "by outreach"),
    "equipment_manager": Label("设备管理人员", "equipment managers"),
    "plumber": Label("水电工", "plumbers"),
    "electrician": Label("电工", "electricians"),
    "user": Label("相关用户", "users"),
    "safe_use": Label("正确使用,避免造成损伤", "correct use without injury"),
    "no_damage": Label("避免对设备造成破坏", "no damage to the equipment"),
    "simple_repair": Label("了解运行原理,能维修简单故障", "knowing the principle and repairing simple faults"),
    "survival_rate": Label("成活率", "the survival rate"),
    "availability": Label("可用率", "availability"),
    "zero_count": Label("零发生", "nothing of the kind happens"),
    "before_training": Label("培训之前", "before the training"),
    "on_staff_change": Label("人员变动时", "when staff change"),
    "before_work": Label("施工之前", "before the work"),
    "per_visit": Label("每次上门时", "at every visit"),
    "on_request": Label("应要求", "on request"),
    "per_period": Label("按期", "periodically"),
    "on_event": Label("事件发生时", "when it happens"),
    "contract": Label("合同", "the contract"),
    "tenant": Label("本公司", "the company"),
    "trainer": Label("培训人员", "the trainer"),
    "trainee": Label("受训人员", "the trainee"),
    "worker": Label("作业人员", "workers"),
    "warranty_card": Label("保修卡", "the warranty card"),
    "human_damage": Label("人为损坏", "human damage"),
    "owner": Label("公司负责人", "the company's head"),
    "dispatcher": Label("调度", "the dispatcher"),
    "engineer": Label("工程师", "the engineer"),
    "quality_supervisor": Label("质量监督", "the quality supervisor"),
    "finance": Label("财务", "finance"),
}
"""The engine's own codes, and the most common ones of verticals; what isn't here is told by its code."""


def word(code: str) -> Label:
    """A code as words; a code without an entry is told as it is, with blanks."""
    return GLOSSARY.get(code) or Label(code.replace("_", " "), code.replace("_", " "))


def words(codes: Iterable[str]) -> Label:
    """A list of codes as words."""
    found = [word(code) for code in codes]
    return Label("、".join(one.zh for one in found), ", ".join(one.en for one in found))


def length(amount: int, unit: str) -> Label:
    """A length of time or a meter's distance; whole years are told in years: 36 months are 3 years."""
    if unit == "month" and amount % MONTHS_PER_YEAR == 0:
        amount, unit = amount // MONTHS_PER_YEAR, "year"
    zh, en = _UNITS[unit]
    return Label(f"{amount} {zh}", f"{amount} {en}{'' if amount == 1 else 's'}")


def budget(value: Budget) -> Label:
    """The length of a promise."""
    return length(value.amount, value.unit)


def usage(limit: UsageLimit) -> Label:
    """The other end of a term, by meter."""
    return length(limit.amount, limit.unit)


def money(amount: Decimal, currency: str) -> str:
    """An amount with its currency, in plain figures."""
    return f"{currency} {amount:,.2f}"


def share(text: str) -> str:
    """A threshold such as `0.95` as `95 %`; what is no share is told as it is."""
    try:
        value = Decimal(text)
    except ArithmeticError:
        return text
    if not 0 < value <= 1:
        return text
    percent = f"{value * 100:f}"
    return f"{percent.rstrip('0').rstrip('.') if '.' in percent else percent} %"
