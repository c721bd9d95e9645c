"""The service plan as a document: what a sales person puts into a bid, every sentence tied to its clause."""
