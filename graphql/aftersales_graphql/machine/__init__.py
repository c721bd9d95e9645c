"""The API machine: one declaration per type, a planner that turns a selection into one statement per root field.

It knows no business: types of tickets, customers and the like are declared on top of it.
"""
