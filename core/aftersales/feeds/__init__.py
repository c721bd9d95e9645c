"""Calendars as iCal feeds for engineers, units and customers, behind private addresses that can be revoked."""
