"""Service plans: a vertical's terms with the tenant's own changes, in versions, and the terms that were signed."""
