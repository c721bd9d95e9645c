"""For plugin authors: subclass VerticalConformance in your tests, and pytest checks your vertical."""

from aftersales.testing.conformance import VerticalConformance, sample_facts

__all__ = ["VerticalConformance", "sample_facts"]
