"""What is done with tickets."""

from aftersales.tickets import service
from aftersales_graphql.machine.roots import root
from aftersales_graphql.rooms.commands import command
from aftersales_graphql.rooms.tickets import CallRecord, RemoteAuthorisation, RemoteSession, Ticket


@root
class TicketMutations:
    open_ticket = command(service.open_ticket, returns=Ticket)
    open_ticket_from_mail = command(service.open_from_mail, returns=Ticket, name="open_ticket_from_mail")
    regrade_ticket = command(service.regrade, returns=Ticket, name="regrade_ticket")
    set_parent_ticket = command(service.set_parent, returns=Ticket, name="set_parent_ticket")
    assign_engineer = command(service.assign_engineer, returns=Ticket)
    reject_engineer = command(service.reject_engineer, returns=Ticket)
    acknowledge_ticket = command(service.acknowledge, returns=Ticket, name="acknowledge_ticket")
    start_work = command(service.start_work, returns=Ticket)
    propose_plan = command(service.propose_plan, returns=Ticket)
    wait_for_customer = command(service.wait_for_customer, returns=Ticket)
    resume_ticket = command(service.resume, returns=Ticket, name="resume_ticket")
    record_attempt = command(service.record_attempt, returns=Ticket)
    escalate_step = command(service.escalate_step, returns=Ticket)
    decide_on_site = command(service.decide_on_site, returns=Ticket)
    authorise_remote = command(service.authorise_remote, returns=RemoteAuthorisation, under="authorisation")
    revoke_authorisation = command(service.revoke_authorisation, returns=RemoteAuthorisation, under="authorisation")
    open_remote_session = command(service.open_remote_session, returns=RemoteSession, under="session")
    close_remote_session = command(service.close_remote_session, returns=RemoteSession, under="session")
    report_restored = command(service.report_restored, returns=Ticket)
    resolve_ticket = command(service.resolve, returns=Ticket, name="resolve_ticket")
    confirm_ticket = command(service.confirm_ticket, returns=Ticket)
    close_ticket = command(service.close_ticket, returns=Ticket)
    reopen_ticket = command(service.reopen_ticket, returns=Ticket)
    cancel_ticket = command(service.cancel_ticket, returns=Ticket)
    file_complaint = command(service.file_complaint, returns=Ticket)
    add_call_record = command(service.add_call_record, returns=CallRecord, under="call")
    add_emergency_plan = command(service.add_emergency_plan, returns=Ticket)
    change_contract = command(service.change_contract, returns=Ticket)
