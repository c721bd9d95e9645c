"""Decisions that no table can take."""

from msgspec import Struct

from aftersales import GradeVerdict, Label, hookimpl
from aftersales_software_his.grades import GENERAL, HospitalFaultFacts
from aftersales_software_his.settings import SoftwareSettings


@hookimpl
def classify_fault(facts: Struct, settings: SoftwareSettings) -> GradeVerdict | None:
    """A hospital's problem stays general until a technician finds it complex (A48), damaged data or not."""
    if isinstance(facts, HospitalFaultFacts) and facts.data_affected:
        reason = Label("数据受影响,尚未分诊为复杂问题", "data are affected; triage hasn't found it complex")
        return GradeVerdict(grade=GENERAL, reason=reason, clause="P08-12")
    return None
