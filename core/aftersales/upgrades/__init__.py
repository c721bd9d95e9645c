"""Releases of products, what each asset runs, and the backlog that feeds the next release."""
