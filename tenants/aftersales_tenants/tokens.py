"""Access tokens: what is shown once, and what is kept."""

import hashlib
import secrets

PREFIX = "as_"
PLATFORM_PREFIX = "asp_"
_ENTROPY_BYTES = 32


def new_token(prefix: str = PREFIX) -> str:
    """A token with 256 bits of chance; shown once and never stored."""
    return prefix + secrets.token_urlsafe(_ENTROPY_BYTES)


def digest_of(token: str) -> str:
    """What is stored and looked up: SHA-256. A slow hash would add nothing to 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()
