"""The API of every business room: what its tables look like from outside, and its commands."""
