"""What is done with proposals."""

from aftersales.proposals import service
from aftersales_graphql.machine.roots import root
from aftersales_graphql.rooms.commands import command
from aftersales_graphql.rooms.proposals import Proposal, SiteSurvey


@root
class ProposalMutations:
    request_proposal = command(service.request_proposal, returns=Proposal)
    record_survey = command(service.record_survey, returns=SiteSurvey, under="survey")
    send_proposal = command(service.send_proposal, returns=Proposal)
    answer_proposal = command(service.answer_proposal, returns=Proposal)
    link_proposal_contract = command(service.link_proposal_contract, returns=Proposal)
    withdraw_proposal = command(service.withdraw_proposal, returns=Proposal)
