"""A verdict in words, for the customer and for whoever checks it, in Chinese and in English. Pure."""

from typing import Final

from msgspec import Struct

from aftersales.coverage.values import CoverageVerdict, Outcome, Payer, Reason, RuleResult, Standing
from aftersales.kit.errors import Language
from aftersales.terms.base import Label

OUTCOME_TEXTS: Final[dict[Outcome, Label]] = {
    "free": Label("免费处理", "Free of charge"),
    "cost_only": Label("只收取工本费", "Charged at cost"),
    "bill_full": Label("按收费标准收费", "Charged in full, after consent to the price"),
    "advise_only": Label("不在维护范围内,免费提供推荐性方案", "Outside the service; a recommended solution is given"),
    "reject": Label("不予受理", "Not accepted"),
}
PAYER_TEXTS: Final[dict[Payer, Label]] = {
    "company": Label("由我方承担", "we pay"),
    "customer": Label("由客户承担", "the customer pays"),
    "damager": Label("由损坏人承担", "whoever did the damage pays"),
    "dealer": Label("由经销商承担", "the dealer pays"),
    "supplier": Label("由供应商承担", "the supplier pays"),
}
REASON_TEXTS: Final[dict[Reason, Label]] = {
    "COVERED": Label("在期限内,原因属于保修范围", "within the term, and the cause is covered"),
    "CAUSE_OPEN": Label(
        "在期限内,原因尚未查明;查明后重新判定", "within the term, the cause isn't found yet; decided anew once it is"
    ),
    "EXCLUSION_UNPROVEN": Label(
        "在期限内,除外原因没有证据", "within the term, and there is no evidence for the cause that would exclude it"
    ),
    "EXCLUDED": Label("原因属于除外情形", "the cause is excluded"),
    "EXPIRED": Label("该部件的期限已届满", "the term of this part is over"),
    "USAGE_EXCEEDED": Label("已超过使用限额(以先到者为准)", "the limit of use was reached before the last day"),
    "FORMALITY_MISSING": Label("缺少约定的凭证", "an agreed paper is missing"),
    "CAUSE_NOT_COVERED": Label("在期限内,但原因不属于保修范围", "within the term, but the cause isn't covered"),
    "DEALER_PROMISE": Label(
        "公司期限已届满,属经销商的额外承诺", "the company's term is over; a dealer promised more on its own account"
    ),
}
WHY_TEXTS: Final[dict[str, Label]] = {
    "in_force": Label("在期限内", "in force"),
    "in_force_too": Label("也在期限内,但另一期限更长", "in force too, but another one lasts longer"),
    "ended": Label("已届满", "over"),
    "not_begun": Label("尚未开始", "not begun"),
    "usage_exceeded": Label("超过使用限额", "beyond the limit of use"),
    "evidence_missing": Label("缺少证据,不能适用", "can't be relied on without evidence"),
    "cause_excluded": Label("原因属于此除外情形", "the cause falls under it"),
    "term_over": Label("期限已届满,不影响结论", "the term is over, so it changes no price"),
    "cause_covered": Label("原因属于保修范围", "the cause is covered"),
    "other_cause": Label("不是此原因", "another cause"),
    "cause_not_covered": Label("不在保修原因之列", "not among the covered causes"),
    "formality_missing": Label("缺少凭证", "the paper is missing"),
    "symptoms_present": Label("故障现象齐备", "all its symptoms are there"),
    "symptoms_incomplete": Label("故障现象不齐备", "not all of its symptoms are there"),
    "promised_by_dealer": Label("经销商的承诺仍有效", "the dealer's promise still runs"),
    "after_term": Label("期满后有偿服务", "paid service after the term"),
    "expired": Label("超过相应的保修期", "beyond its own term"),
}
REMEDY_TEXTS: Final[dict[str, Label]] = {
    "repair": Label("修复", "repair"),
    "replace": Label("更换", "replacement"),
    "replant": Label("按原设计品种、规格更换苗木", "replanting in the designed species and size"),
    "refund": Label("退款", "refund"),
    "advise": Label("提供方案", "advice"),
    "data_maintenance": Label("数据维护", "data maintenance"),
    "data_repair": Label("数据修复", "data repair"),
}


class Explanation(Struct, frozen=True, kw_only=True):
    """`summary` is fit for the customer; `lines` are the rules that were weighed, in order."""

    summary: str
    lines: tuple[str, ...]


def explain(verdict: CoverageVerdict, language: Language) -> Explanation:
    """The verdict in one sentence per fact: result, who pays, reason, days, remedy, what it still depends on."""
    zh = language == "zh-CN"
    sentences = [_headline(verdict, zh), _term(verdict, zh)]
    if verdict.remedies:
        named = [_text(REMEDY_TEXTS[code], zh) if code in REMEDY_TEXTS else code for code in verdict.remedies]
        sentences.append(f"处理方式:{'、'.join(named)}。" if zh else f"What is done: {', '.join(named)}.")
    if verdict.phase == "after_term" and verdict.service_continues:
        sentences.append("期满后继续提供有偿服务。" if zh else "Service goes on after the term, at a charge.")
    if verdict.provisional:
        sentences.append("此结论为暂定,事实变化时重新判定。" if zh else "Provisional: decided anew when facts change.")
    return Explanation(summary="".join(sentences) if zh else " ".join(sentences), lines=tuple(
        _line(rule, zh) for rule in verdict.rules
    ))  # fmt: skip


def _headline(verdict: CoverageVerdict, zh: bool) -> str:
    outcome, reason = _text(OUTCOME_TEXTS[verdict.outcome], zh), _text(REASON_TEXTS[verdict.reason], zh)
    clause = verdict.clause or "-"
    if verdict.outcome == "advise_only":
        return f"{outcome}:{reason}({clause})。" if zh else f"{outcome}: {reason} ({clause})."
    payer = _text(PAYER_TEXTS[verdict.payer], zh)
    return f"{outcome},{payer}:{reason}({clause})。" if zh else f"{outcome}, {payer}: {reason} ({clause})."


def _term(verdict: CoverageVerdict, zh: bool) -> str:
    standing = verdict.standing
    told = f"{_text(standing.label, zh)}({standing.clause or '-'})" if zh else (
        f"{standing.label.en} ({standing.clause or '-'})"
    )  # fmt: skip
    days = (
        f"自 {standing.starts_on} 起至 {standing.last_day}(含当日)"
        if zh
        else f"from {standing.starts_on} to {standing.last_day}, that day included"
    )
    more = _more(standing, zh)
    return f"期限:{told},{days}{more}。" if zh else f"The term: {told}, {days}{more}."


def _more(standing: Standing, zh: bool) -> str:
    found: list[str] = []
    if standing.usage_limit is not None:
        unit = Label("公里", "km") if standing.usage_limit.unit == "kilometre" else Label("小时", "hours")
        amount = f"{standing.usage_limit.amount} {_text(unit, zh)}"
        found.append(f"或 {amount},以先到者为准" if zh else f"or {amount}, whichever comes first")
    if standing.restarted_on is not None:
        found.append(f"更换后自 {standing.restarted_on} 重新计算" if zh else f"begun anew on {standing.restarted_on}")
    if standing.extended_days:
        days = standing.extended_days
        found.append(f"维修占用 {days} 天顺延" if zh else f"extended by {days} days of repair")
    if standing.rolled_over:
        found.append("末日为法定休息日,顺延" if zh else "moved on from a legal day of rest")
    if standing.law is not None:
        law = f"{_text(standing.law, zh)},{standing.effective_from}"
        found.append(f"法定最低标准优于承诺({law} 起施行)" if zh else f"the law gives more than the promise ({law})")
    return "".join(f"{',' if zh else ', '}{part}" for part in found)


def _line(rule: RuleResult, zh: bool) -> str:
    mark = ("✓" if rule.won else "✗") + f" {_text(rule.label, zh)}"
    why = _text(WHY_TEXTS[rule.why], zh)
    return f"{mark}({rule.clause or '-'}):{why}" if zh else f"{mark} ({rule.clause or '-'}): {why}"


def _text(label: Label, zh: bool) -> str:
    return label.zh if zh else label.en
