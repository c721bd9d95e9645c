"""Records that are kept in the shape of a form, what waits for them, files, documents handed over, and finding them."""
