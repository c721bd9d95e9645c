"""How an industry plugs in: hook specifications, discovery, guarded calls per tenant."""
