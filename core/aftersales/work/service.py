"""What the work room does, in one place for callers; each function takes a unit of work and one command.

Nothing here commits. Every refusal is an `AftersalesError` with a stable code.
"""

from aftersales.work.commands import (
    AddCertificate,
    AddWorkOrderLine,
    CancelAppointment,
    CancelWorkOrder,
    CompleteWorkOrder,
    ConfirmAppointment,
    CreateEngineer,
    CreateWorkOrder,
    DispatchAppointment,
    FinishAppointment,
    MoveAppointment,
    PlanAppointment,
    ProposeEngineers,
    RecordArrival,
    SignOffWorkOrder,
    UpdateEngineer,
)
from aftersales.work.engineers import add_certificate, create_engineer, update_engineer
from aftersales.work.orders import (
    add_work_order_line,
    cancel_work_order,
    complete_work_order,
    create_work_order,
    sign_off_work_order,
)
from aftersales.work.visits import (
    cancel_appointment,
    confirm_appointment,
    dispatch_appointment,
    finish_appointment,
    move_appointment,
    plan_appointment,
    propose_engineers,
    record_arrival,
)

__all__ = [
    "AddCertificate",
    "AddWorkOrderLine",
    "CancelAppointment",
    "CancelWorkOrder",
    "CompleteWorkOrder",
    "ConfirmAppointment",
    "CreateEngineer",
    "CreateWorkOrder",
    "DispatchAppointment",
    "FinishAppointment",
    "MoveAppointment",
    "PlanAppointment",
    "ProposeEngineers",
    "RecordArrival",
    "SignOffWorkOrder",
    "UpdateEngineer",
    "add_certificate",
    "add_work_order_line",
    "cancel_appointment",
    "cancel_work_order",
    "complete_work_order",
    "confirm_appointment",
    "create_engineer",
    "create_work_order",
    "dispatch_appointment",
    "finish_appointment",
    "move_appointment",
    "plan_appointment",
    "propose_engineers",
    "record_arrival",
    "sign_off_work_order",
    "update_engineer",
]
