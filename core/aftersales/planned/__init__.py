"""Work that nobody had to ask for: cadences become obligations, obligations become visits."""
