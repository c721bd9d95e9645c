"""What workers do for records: clean up after uploads that never ended."""

from typing import Final

from aftersales.kit.jobs import Round, make_rounds
from aftersales.records.files import clean_up, due_tenants

ABANDONED_UPLOADS: Final = Round("abandoned uploads", due_tenants, clean_up)

make_rounds(ABANDONED_UPLOADS)
