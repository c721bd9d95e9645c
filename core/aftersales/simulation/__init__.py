"""What a contract would come to over its life, before anybody signs it: every date, and what has none."""
