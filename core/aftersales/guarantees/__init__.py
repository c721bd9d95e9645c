"""Guarantees that are measured: survival, availability, nothing that must not happen."""
