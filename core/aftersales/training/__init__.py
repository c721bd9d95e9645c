"""Training: courses, who is to be trained by when, sessions, assessment, certificates, and what waits for them."""
