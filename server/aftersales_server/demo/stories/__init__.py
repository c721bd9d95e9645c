"""The stories, in the order in which the demo plays them."""

from aftersales_server.demo.stories import (
    dead_trees,
    go_live,
    hospital,
    landscaping,
    outage,
    site_shift,
    solar_years,
    summer,
    tank_leak,
    typhoon,
    virus,
    warranty,
    workshop,
)
from aftersales_server.demo.stories.story import Script

SCRIPTS: tuple[Script, ...] = (
    hospital.SCRIPT,
    outage.SCRIPT,
    tank_leak.SCRIPT,
    warranty.SCRIPT,
    landscaping.SCRIPT,
    site_shift.SCRIPT,
    workshop.SCRIPT,
    virus.ADVISED,
    virus.REMOVED,
    summer.SCRIPT,
    dead_trees.SCRIPT,
    go_live.SCRIPT,
    solar_years.SCRIPT,
    typhoon.SCRIPT,
)
