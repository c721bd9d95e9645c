"""What a solution before the sale is made from."""

from collections.abc import Sequence

from aftersales import Label, ProposalRule, hookimpl
from aftersales_solar.settings import SolarSettings

SURVEY = ProposalRule(
    code="survey",
    label=Label("了解需求及现有客观条件", "Needs and site conditions are known"),
    clause="P09-01",
    needs="survey",
    on_miss="warn",
)


@hookimpl
def proposal_rules(settings: SolarSettings) -> Sequence[ProposalRule]:
    return (SURVEY,)
