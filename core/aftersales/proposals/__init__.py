"""Before the sale: what a customer needs, the survey of the site, the proposal with its budget."""
