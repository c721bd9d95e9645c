"""Writers for what is done without being asked and after the sale: visits, checks, releases, proposals. Pure."""

from typing import Final

from aftersales.plandocs.words import budget, length, usage, word, words
from aftersales.plandocs.writers import sentence, writes
from aftersales.terms.base import Label
from aftersales.terms.checklists import Checklist
from aftersales.terms.coverage import UsageLimit
from aftersales.terms.dealing import PartOrderRule, ReturnCostRule
from aftersales.terms.planned import InspectionCadence, RevisitRule
from aftersales.terms.playbook import VerticalPlaybook
from aftersales.terms.records import RecordRule
from aftersales.terms.upgrades import CustomisationType, ProposalRule, UpgradeRule

_TRIGGERS: Final[dict[str, Label]] = {
    "ticket_closed": Label("每次服务结束后回访", "a contact after every service"),
    "season": Label("季节性回访", "a contact each season"),
    "event": Label("遇突发情况随时回访", "a contact whenever something happens"),
    "manual": Label("不定期走访", "a visit from time to time"),
    "care_plan": Label("每年制定并实施客户关怀计划", "a care plan each year"),
}
_WHEN: Final[dict[str, Label]] = {
    "always": Label("不限期限", "at any time"),
    "in_term": Label("保修期内", "in the term"),
    "after_term": Label("保修期后", "after the term"),
}
_NEEDS: Final[dict[str, Label]] = {
    "deadline": Label("提交方案", "the proposal is sent"),
    "budget": Label("方案载明工程预算", "the proposal states the budget"),
    "survey": Label("方案以现场勘察为依据", "the proposal rests on a survey of the site"),
}


@writes("inspection_cadences")
def cadence(term: InspectionCadence, terms: VerticalPlaybook) -> Label:
    found = _how_often(term)
    zh, en = found.zh, found.en
    if term.months:
        months = ", ".join(str(month) for month in term.months)
        zh, en = f"{zh}({months} 月)", f"{en} (months: {months})"
    if term.free:
        zh, en = f"{zh},免费", f"{en}, free of charge"
    phase = next((one for one in terms.lifecycle_phases if one.code == term.phase), None)
    if phase is not None:
        zh, en = f"{zh},{phase.label.zh}内", f"{en}, during: {phase.label.en}"
    provider = word(term.provider)
    if provider.zh:
        zh, en = f"{zh},由{provider.zh}进行", f"{en}, by {provider.en}"
    return sentence(term, zh, en)


def _how_often(term: InspectionCadence) -> Label:
    per = word(term.per)
    if term.on_events:
        events = words(term.on_events)
        return Label(f"发生{events.zh}时", f"whenever there is {events.en}")
    if term.every is not None and term.unit is not None:
        quarters = term.unit == "quarter"
        every = length(3 * term.every if quarters else term.every, "month" if quarters else term.unit)
        times = Label(f"每 {every.zh}一次", f"every {every.en}")
        if term.per == "once":
            begin = word(term.anchor)
            times = Label(f"{begin.zh}后 {every.zh}", f"{every.en} after {begin.en}")
        return times if term.meter is None else _or_by_meter(term, times)
    if term.every_days is not None:
        every = length(term.every_days, "day")
        return Label(f"每 {every.zh}一次", f"every {every.en}")
    if term.count is None:
        return (
            Label("次数未约定,由本公司确定", "how often isn't stated: the company decides")
            if term.meter is None
            else _or_by_meter(term, None)
        )
    return Label(f"{per.zh} {term.count} 次", f"{term.count} time{'' if term.count == 1 else 's'} {per.en}")


def _or_by_meter(term: InspectionCadence, times: Label | None) -> Label:
    assert term.meter is not None  # noqa: S101 - both callers looked
    reading = usage(UsageLimit(amount=term.meter.every, unit=term.meter.unit))
    if times is None:
        return Label(f"每 {reading.zh}一次", f"every {reading.en}")
    return Label(f"{times.zh}或每 {reading.zh},先到为准", f"{times.en} or {reading.en}, whichever comes first")


@writes("revisit_rules")
def revisit(term: RevisitRule, terms: VerticalPlaybook) -> Label:
    if term.months is not None:
        every = length(term.months, "month")
        return sentence(term, f"每 {every.zh}回访一次", f"a contact every {every.en}")
    told = _TRIGGERS.get(term.trigger, Label("间隔未约定", "how often isn't stated"))
    if term.within_days is not None:
        span = length(term.within_days, "day")
        return sentence(term, f"{told.zh},{span.zh}内", f"{told.en}, within {span.en}")
    return sentence(term, told.zh, told.en)


@writes("checklists")
def checklist(term: Checklist, terms: VerticalPlaybook) -> Label:
    zh = "、".join(item.label.zh for item in term.items)
    en = ", ".join(item.label.en for item in term.items)
    return sentence(term, f"检查{zh}", f"looks at {en}")


@writes("record_rules")
def record_rule(term: RecordRule, terms: VerticalPlaybook) -> Label:
    known = {form.code: form.label for form in (*terms.form_templates, *terms.deliverables)}
    wanted = [known.get(code) or word(code) for code in (*term.needs, *term.deliverables)]
    zh, en = "、".join(one.zh for one in wanted), ", ".join(one.en for one in wanted)
    return sentence(term, f"须先有{zh}", f"needs {en} first") if wanted else sentence(term)


@writes("upgrade_rules")
def upgrade_rule(term: UpgradeRule, terms: VerticalPlaybook) -> Label:
    when = _WHEN[term.applies_when]
    free = term.basis == "free"
    return sentence(
        term, f"{when.zh}{'免费' if free else '另行报价'}", f"{when.en} {'free of charge' if free else 'by quotation'}"
    )


@writes("customisation_types")
def customisation_type(term: CustomisationType, terms: VerticalPlaybook) -> Label:
    zh, en = [], []
    if term.estimate:
        zh.append("按工作日和金额报价")
        en.append("quoted in working days and an amount")
    if term.training:
        zh.append("含相关培训")
        en.append("with training")
    if term.plan_document:
        zh.append("提供实施方案")
        en.append("answered with a plan of its steps")
    return sentence(term, ",".join(zh), ", ".join(en))


@writes("proposal_rules")
def proposal_rule(term: ProposalRule, terms: VerticalPlaybook) -> Label:
    told = _NEEDS[term.needs]
    if term.due is None:
        return sentence(term, told.zh, told.en)
    span = budget(term.due)
    return sentence(term, f"{span.zh}内{told.zh}", f"{told.en} within {span.en}")


@writes("part_order_rules")
def part_order_rule(term: PartOrderRule, terms: VerticalPlaybook) -> Label:
    if term.payment == "before_shipment":
        return sentence(term, "款到发货", "paid before the shipment")
    return sentence(term, "可记账", "on account")


@writes("return_costs")
def return_cost(term: ReturnCostRule, terms: VerticalPlaybook) -> Label:
    freight = word(term.freight)
    zh, en = f"运费由{freight.zh}承担", f"the freight is borne by {freight.en}"
    if term.restoration is not None:
        restoration = word(term.restoration)
        zh, en = f"{zh},恢复工时由{restoration.zh}承担", f"{en}, the restoration by {restoration.en}"
    return sentence(term, zh, en)
