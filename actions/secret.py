"""One-time codes and the tokens of links: made here, kept as a hash only."""

import hashlib
import secrets


def hash_code(code: str) -> str:
    """Return what is kept of a code or token (128 random bits need no salt)."""
    return hashlib.sha256(code.strip().encode()).hexdigest()


def new_code() -> str:
    """Return a code of 128 random bits that fits a deep link."""
    return secrets.token_urlsafe(16)
