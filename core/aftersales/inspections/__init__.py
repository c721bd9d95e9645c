"""Inspections: checklists filled in item by item, what a failed item leads to, and how a value develops."""
