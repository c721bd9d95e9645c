"""The value types in which a vertical writes its promises, and the Playbook compiled from them.

Everything here is a frozen value: no I/O, no clock, nothing that changes after it was made.
"""
