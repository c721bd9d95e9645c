"""The stories, in the order in which the demo plays them."""

from aftersales_server.demo.stories import hospital, landscaping, outage, site_shift, tank_leak, workshop
from aftersales_server.demo.stories.story import Script

SCRIPTS: tuple[Script, ...] = (
    hospital.SCRIPT,
    outage.SCRIPT,
    tank_leak.SCRIPT,
    landscaping.SCRIPT,
    site_shift.SCRIPT,
    workshop.SCRIPT,
)
