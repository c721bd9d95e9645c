"""Database base, identifiers, clock, errors, unit of work: everything without a business word."""
