"""What contracts do when something happens elsewhere; `terms` completes each contract that is read."""

from aftersales.contracts import terms

__all__ = ["terms"]
