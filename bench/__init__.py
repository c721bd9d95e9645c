"""Benches: `python -m bench` (or `make bench`); every figure is a ratio or a count within one run."""
