"""Business software: hospital information systems (plan 8) and project management (plan 10), two profiles."""

from aftersales import Label, Vertical
from aftersales_software_his import hooks
from aftersales_software_his.settings import OnSiteHours, SoftwareSettings

VERTICAL = Vertical(
    name="software_his",
    label=Label("行业软件", "Business software"),
    version="1.0.0",
    engine=">=0.1,<1",
    settings=SoftwareSettings,
    hooks=hooks,
)

__all__ = ["VERTICAL", "OnSiteHours", "SoftwareSettings"]
