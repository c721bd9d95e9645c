"""What workers do for the promise ledger: raise the alarms that fell due."""

from typing import Final

from aftersales.commitments.sweeper import due_tenants, sweep_tenant
from aftersales.kit.jobs import Round, make_rounds

ALARMS: Final = Round("alarms", due_tenants, sweep_tenant)

make_rounds(ALARMS)
