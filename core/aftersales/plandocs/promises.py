"""Writers for what has a deadline, a price or a date: targets, fees, campaigns, courses, forms. Pure."""

from aftersales.plandocs.words import budget, length, money, word, words
from aftersales.plandocs.writers import named_only, sentence, writes
from aftersales.terms.base import Label
from aftersales.terms.deadlines import (
    CalendarTerm,
    ChannelLadder,
    ClosingRule,
    Duty,
    EscalationLadder,
    MajorIncidentRule,
    ServiceTier,
    SlaTarget,
)
from aftersales.terms.money import CampaignOffer, EligibilityRule, FeeRule, LabourOperation
from aftersales.terms.planned import Curriculum, SafetyRule
from aftersales.terms.playbook import VerticalPlaybook
from aftersales.terms.records import Deliverable, FormTemplate, ReferenceStandard

_NEEDS = {
    "customer_confirmation": Label("客户确认", "the customer's confirmation"),
    "call_record": Label("来电记录", "a record of the call"),
    "cause_and_measures": Label("原因和措施", "cause and measures"),
    "emergency_plan": Label("应急方案", "an emergency plan"),
    "sign_off": Label("签字", "a signature"),
    "reply": Label("答复", "a reply"),
    "arrival_record": Label("到场记录", "a record of the arrival"),
    "root_cause": Label("根本原因", "the root cause"),
}
_BEFORE = {
    "open": Label("受理之前", "before it is taken in"),
    "resolve": Label("完成之前", "before it is resolved"),
    "close": Label("结束之前", "before it is closed"),
}


@writes("calendars")
def calendar(term: CalendarTerm, terms: VerticalPlaybook) -> Label:
    lines = getattr(terms.settings, "hotlines", ()) if term.purpose == "phone_desk" else ()
    numbers = Label("".join(f",电话 {line}" for line in lines), "".join(f", phone {line}" for line in lines))
    if term.definition.always_open:
        return sentence(term, f"全天 24 小时{numbers.zh}", f"24 hours a day{numbers.en}")
    open_days = [windows for windows in term.definition.weekly.by_weekday() if windows]
    hours = sorted({f"{begin}-{end}" for windows in open_days for begin, end in windows})
    said = ", ".join(hours)
    return sentence(
        term,
        f"每周 {len(open_days)} 天,{said}{numbers.zh}",
        f"{len(open_days)} days a week, {said}{numbers.en}",
    )


@writes("sla_targets")
def sla_target(term: SlaTarget, terms: VerticalPlaybook) -> Label:
    what, begin, party = word(term.milestone), word(term.starts_on), word(term.party)
    scope = _scope(term, terms)
    if term.budget is None:
        return sentence(
            term, f"{scope.zh}{party.zh}负责{what.zh},未约定具体时限", f"{scope.en}{what.en}, no time is stated"
        )
    span = budget(term.budget)
    zh = f"{scope.zh}自{begin.zh}起 {span.zh}内{what.zh}({party.zh})"
    en = f"{scope.en}{what.en} within {span.en} of {begin.en} ({party.en})"
    calendar = terms.calendar(term.calendar) if term.calendar else None
    if calendar is not None:
        zh, en = f"{zh},按{calendar.label.zh}计", f"{en}, counted in: {calendar.label.en}"
    if term.on_miss == "handover":
        zh, en = f"{zh},逾期由下一级接手", f"{en}; when late, the next level takes over"
    return sentence(term, zh, en)


def _scope(term: SlaTarget, terms: VerticalPlaybook) -> Label:
    scheme = terms.grade_scheme
    labels = [found.label for code in term.scope.grades if scheme and (found := scheme.grade(code))]
    labels += [region.label for region in terms.region_classes if region.code in term.scope.regions]
    labels += [work.label for work in terms.work_types if work.code in term.scope.work_types]
    if not labels:
        return Label("", "")
    return Label("、".join(found.zh for found in labels) + ",", ", ".join(found.en for found in labels) + ", ")


@writes("escalation_ladders")
def escalation_ladder(term: EscalationLadder, terms: VerticalPlaybook) -> Label:
    roles = words(dict.fromkeys(rung.escalate_to for rung in term.rungs if rung.escalate_to))
    return sentence(term, f"依次通知{roles.zh}", f"told in turn: {roles.en}") if roles.zh else sentence(term)


@writes("channel_ladder")
def channel_ladder(term: ChannelLadder, terms: VerticalPlaybook) -> Label:
    steps = [Label("上门", "on site") if step == "on_site" else word(step) for step in term.steps]
    zh, en = "先后采用" + "、".join(step.zh for step in steps), "in turn " + ", ".join(step.en for step in steps)
    if term.remote_needs_authorisation and "remote" in term.steps:
        zh, en = f"{zh},远程须经客户授权", f"{en}; remote work needs the customer's authorisation"
    return sentence(term, zh, en)


@writes("major_incidents")
def major_incident(term: MajorIncidentRule, terms: VerticalPlaybook) -> Label:
    if not term.needs_emergency_plan:
        return sentence(term, "成立专门小组", "a group is convened")
    return sentence(term, "成立专门小组并制定应急方案", "a group is convened and an emergency plan made")


@writes("closing_rules")
def closing_rule(term: ClosingRule, terms: VerticalPlaybook) -> Label:
    needs, before = _NEEDS[term.needs], _BEFORE[term.before]
    return sentence(term, f"{before.zh}须有{needs.zh}", f"{needs.en} on record {before.en}")


@writes("service_tiers")
def service_tier(term: ServiceTier, terms: VerticalPlaybook) -> Label:
    count = len(terms.service_tiers)
    return sentence(term, f"{count} 级服务体系的第 {term.level} 级", f"level {term.level} of {count} of the service")


@writes("roles_and_routing")
def duty(term: Duty, terms: VerticalPlaybook) -> Label:
    if term.contact:
        return sentence(term, f"电话 {term.contact}", f"phone {term.contact}")
    if term.excludes_engineer:
        return sentence(term, "由被投诉人员以外的人员处理", "handled by somebody else than the person concerned")
    return sentence(term)


@writes("service_fee_table")
def fee(term: FeeRule, terms: VerticalPlaybook) -> Label:
    item, basis, when = word(term.item), word(term.basis), word(term.applies_when)
    zh, en = f"{when.zh}{item.zh}{basis.zh}", f"{item.en} {basis.en}{f' {when.en}' if when.en else ''}"
    if term.amount is not None and term.basis != "free":
        amount = money(term.amount, term.currency)
        zh, en = f"{zh} {amount}", f"{en}: {amount}"
    if term.consent_required:
        zh, en = f"{zh},维修前出示收费标准并征得同意", f"{en}, after the fee standard was shown and agreed to"
    if term.document_required:
        zh, en = f"{zh},提供发票或收据", f"{en}, with an invoice or a receipt"
    return sentence(term, zh, en)


@writes("labour_hours")
def labour_operation(term: LabourOperation, terms: VerticalPlaybook) -> Label:
    hours = f"{term.hours.normalize():f}"
    parts = [found.label for found in terms.labour_hours if found.code in term.bundle_of]
    if not parts:
        return sentence(term, f"{hours} 工时", f"{hours} labour hours")
    zh, en = "、".join(part.zh for part in parts), ", ".join(part.en for part in parts)
    return sentence(term, f"{hours} 工时,含{zh}", f"{hours} labour hours for {en}")


@writes("campaign_offers")
def campaign_offer(term: CampaignOffer, terms: VerticalPlaybook) -> Label:
    window = term.window
    zh = f"{window.starts_month} 月 {window.starts_day} 日至 {window.ends_month} 月 {window.ends_day} 日"
    en = f"from {window.starts_month}/{window.starts_day} to {window.ends_month}/{window.ends_day} (month/day)"
    if term.fixed_price is not None:
        zh, en = f"{zh},优惠价 {money(term.fixed_price, 'CNY')}", f"{en}, at {money(term.fixed_price, 'CNY')}"
    if term.list_price is not None:
        zh, en = f"{zh},原价 {money(term.list_price, 'CNY')}", f"{en}, instead of {money(term.list_price, 'CNY')}"
    if term.factor is not None:
        factor = f"{term.factor * 100:f}".rstrip("0").rstrip(".")
        zh, en = f"{zh},按原价的 {factor} %", f"{en}, at {factor} % of the list price"
    if term.threshold is not None:
        zh = f"{zh},当日消费满 {money(term.threshold, 'CNY')}"
        en = f"{en}, for {money(term.threshold, 'CNY')} or more spent on one day"
    return sentence(term, zh, en)


@writes("campaign_eligibility")
def eligibility(term: EligibilityRule, terms: VerticalPlaybook) -> Label:
    needs = words(term.requires)
    return sentence(term, f"参加条件:{needs.zh}", f"open to: {needs.en}")


@writes("training_curricula")
def curriculum(term: Curriculum, terms: VerticalPlaybook) -> Label:
    begin, audience, venue = word(term.trigger), words(term.audience), word(term.venue_by)
    if term.due_days is None:
        zh, en = f"{begin.zh}后进行,未约定期限", f"after {begin.en}, no time is stated"
    else:
        span = length(term.due_days, "day")
        zh, en = f"{begin.zh}后 {span.zh}内", f"within {span.en} of {begin.en}"
    zh, en = f"{zh};对象:{audience.zh}", f"{en}; for {audience.en}"
    if term.venue_by == "customer":
        zh, en = f"{zh};地点由{venue.zh}协助安排", f"{en}; the venue with the help of {venue.en}"
    topics = words(term.units)
    if topics.zh:
        zh, en = f"{zh};内容:{topics.zh}", f"{en}; topics: {topics.en}"
    outcomes = words(term.outcomes)
    if outcomes.zh:
        zh, en = f"{zh};目标:{outcomes.zh}", f"{en}; so that there is {outcomes.en}"
    return sentence(term, zh, en)


@writes("safety_rules")
def safety_rule(term: SafetyRule, terms: VerticalPlaybook) -> Label:
    zh, en = [], []
    if term.minimum is not None:
        zh.append(f"不少于 {term.minimum} 人")
        en.append(f"no fewer than {term.minimum} people")
    if term.longest_gap_minutes is not None:
        gap = length(term.longest_gap_minutes, "minute")
        zh.append(f"间隔不超过 {gap.zh}")
        en.append(f"no gap longer than {gap.en}")
    if term.kind == "zero_target":
        zh.append("零发生")
        en.append("none is to happen")
    return sentence(term, ",".join(zh), ", ".join(en))


@writes("form_templates")
def form(term: FormTemplate, terms: VerticalPlaybook) -> Label:
    fields_zh = "、".join(field.label.zh for field in term.fields)
    fields_en = ", ".join(field.label.en for field in term.fields)
    signers = words(term.signatures)
    zh, en = f"记载{fields_zh}", f"with {fields_en}"
    if signers.zh:
        zh, en = f"{zh},由{signers.zh}签字", f"{en}, signed by {signers.en}"
    return sentence(term, zh, en)


@writes("deliverables")
def deliverable(term: Deliverable, terms: VerticalPlaybook) -> Label:
    if term.confidentiality == "secret":
        return sentence(term, "属商业秘密,不对外提供", "a trade secret that isn't given away")
    due = Label("交付时", "at the handover") if term.due == "handover" else word(term.due)
    return sentence(term, f"{due.zh}提供", f"provided {due.en}")


@writes("reference_standards")
def standard(term: ReferenceStandard, terms: VerticalPlaybook) -> Label:
    if term.superseded_by:
        return sentence(
            term,
            f"{term.designation}(现行版本 {term.superseded_by})",
            f"{term.designation} (now {term.superseded_by})",
        )
    return named_only(term, terms)
