"""Changes that a customer asks for: estimated, quoted, delivered as the customer's own version, trained."""
