"""What every reader asks of a file: a path that is one, and content that is the known one."""

import hashlib
from pathlib import Path


def as_path(value: str | Path) -> Path:
    """Return `value` as a Path; raise TypeError if it is neither a str nor a Path."""
    if not isinstance(value, str | Path):
        raise TypeError(
            f"A file or folder should be a str or a Path; got {type(value).__name__} {value!r}. "
            'Write it as "folder/name".'
        )
    return Path(value)


def check_sha256(content: bytes, expected: str, what: str, remedy: str) -> None:
    """Raise ValueError, ending in `remedy`, if the SHA-256 of `content` is not `expected`."""
    found = hashlib.sha256(content).hexdigest()
    if found != expected:
        raise ValueError(
            f"{what} should have SHA-256 {expected}; its {len(content):,} bytes have {found}: the "
            f"file was altered or cut short. {remedy}"
        )
