"""Money between company and dealer, and what a customer with a faulty product asked for and got."""
