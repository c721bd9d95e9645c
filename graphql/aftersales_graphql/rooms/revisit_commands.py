"""What is done with revisits, care plans and surveys; how satisfied a customer is, and with an engineer's work."""

from datetime import date
from decimal import Decimal

import strawberry

from aftersales.revisits import service
from aftersales_graphql.machine.frame import Call
from aftersales_graphql.machine.roots import query, root
from aftersales_graphql.rooms.commands import command, id_given
from aftersales_graphql.rooms.revisits import (
    CarePlan,
    ImprovementAction,
    Revisit,
    RevisitForum,
    RevisitPlan,
    Survey,
    SurveyResponse,
)
from aftersales_graphql.rooms.tickets import Ticket


@strawberry.type(description="What a customer said last of product and of service, and the means of all it said.")
class CustomerSatisfaction:
    product: int | None
    product_on: date | None
    product_mean: Decimal | None
    service: int | None
    service_on: date | None
    service_mean: Decimal | None


@strawberry.type(description="The mean of the scores that customers gave for an engineer's work.")
class EngineerSatisfaction:
    mean: Decimal | None
    count: int


@query()
async def customer_satisfaction(call: Call, customer_id: strawberry.ID) -> CustomerSatisfaction:
    """How satisfied a customer is, with product and service apart."""
    found = await service.customer_satisfaction(call.uow, id_given("Customer", customer_id, "customerId"))
    return CustomerSatisfaction(
        product=found.product,
        product_on=found.product_on,
        product_mean=found.product_mean,
        service=found.service,
        service_on=found.service_on,
        service_mean=found.service_mean,
    )


@query()
async def engineer_satisfaction(
    call: Call, engineer_id: strawberry.ID, starts_on: date, ends_on: date
) -> EngineerSatisfaction:
    """How satisfied customers are with an engineer's work between two local days, both included."""
    engineer = id_given("Engineer", engineer_id, "engineerId")
    found = await service.engineer_satisfaction(call.uow, engineer, starts_on, ends_on)
    return EngineerSatisfaction(mean=found.mean, count=found.count)


@root
class RevisitAnswerQueries:
    customer_satisfaction = customer_satisfaction
    engineer_satisfaction = engineer_satisfaction


@root
class RevisitMutations:
    open_revisit_plan = command(service.open_revisit_plan, returns=RevisitPlan)
    end_revisit_plan = command(service.end_revisit_plan, returns=RevisitPlan)
    plan_revisit = command(service.plan_revisit, returns=Revisit)
    complete_revisit = command(service.complete_revisit, returns=Revisit)
    file_revisit_record = command(service.file_revisit_record, returns=Revisit)
    cancel_revisit = command(service.cancel_revisit, returns=Revisit)
    record_forum = command(service.record_forum, returns=RevisitForum, under="forum")
    log_complaint = command(service.log_complaint, returns=Ticket)
    record_needs = command(service.record_needs, returns=CarePlan)
    add_care_action = command(service.add_care_action, returns=CarePlan)
    complete_care_action = command(service.complete_care_action, returns=CarePlan)
    open_survey = command(service.open_survey, returns=Survey)
    answer_survey = command(service.answer_survey, returns=SurveyResponse, under="response")
    close_survey = command(service.close_survey, returns=Survey)
    complete_improvement = command(service.complete_improvement, returns=ImprovementAction, under="improvement")
