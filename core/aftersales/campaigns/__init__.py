"""Campaigns: offers in a window, priced line by line, with what was given and what it cost."""
