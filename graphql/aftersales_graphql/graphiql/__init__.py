"""GraphiQL, served from this package: the page works without any other host.

The static files are GraphiQL 3.8.3 and React 18.3.1 (both MIT, licences beside them), gzipped as they are sent.
"""

import gzip
from hashlib import sha256
from importlib.resources import files
from typing import NamedTuple

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; worker-src blob:; base-uri 'none'; frame-ancestors 'none'"
)

_TYPES = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8", "html": "text/html; charset=utf-8"}


class Asset(NamedTuple):
    """A file as it is sent: gzipped, with its media type and a tag of its content."""

    body: bytes
    media_type: str
    etag: str


def _load() -> dict[str, Asset]:
    found: dict[str, Asset] = {}
    for entry in (files(__package__) / "static").iterdir():
        name = entry.name.removesuffix(".gz")
        media_type = _TYPES.get(name.rsplit(".", 1)[-1])
        if media_type is None:
            continue
        raw = entry.read_bytes()
        body = raw if entry.name.endswith(".gz") else gzip.compress(raw, mtime=0)
        found[name] = Asset(body, media_type, f'"{sha256(body).hexdigest()[:20]}"')
    return found


ASSETS = _load()
