"""Five demo tenants, one per industry of the seed plans, and the story that each of them plays."""
