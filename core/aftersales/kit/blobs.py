"""Object storage: bytes under keys, in a local folder or in S3. A key appears when all of its bytes are there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, MemoryStore, from_url

from aftersales.kit.errors import NotFound, Unavailable

LOCAL_SCHEME = "file://"


class Blobs:
    """A store of bytes; STORAGE_UNAVAILABLE while it can't be reached."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._opened: Any = None

    @classmethod
    def at(cls, url: str) -> "Blobs":
        """The storage at a URL: `file:///folder` (made when it isn't there), `s3://bucket/prefix`, `memory://`.

        It is opened when the first file comes or is asked for: a process that handles none needs no storage.
        """
        return cls(url)

    @property
    def _store(self) -> Any:
        if self._opened is None:
            self._opened = _open(self._url)
        return self._opened

    async def put(self, key: str, chunks: AsyncIterator[bytes]) -> None:
        """Store what the iterator gives; nothing is stored when it raises, and its error comes out as it is."""
        with _reached():
            await obstore.put_async(self._store, key, chunks)

    @asynccontextmanager
    async def get(self, key: str) -> AsyncIterator[AsyncIterator[bytes]]:
        """The bytes of a key, piece by piece. NOT_FOUND."""
        try:
            with _reached():
                found = await obstore.get_async(self._store, key)
        except FileNotFoundError as fault:
            raise NotFound("NOT_FOUND", thing="StoredFile") from fault

        async def pieces() -> AsyncIterator[bytes]:
            async for piece in found.stream():
                yield bytes(piece)

        yield pieces()

    async def delete(self, key: str) -> None:
        """Remove a key; nothing happens when there is none."""
        try:
            with _reached():
                await obstore.delete_async(self._store, key)
        except FileNotFoundError:
            return


class _reached:  # noqa: N801 - used like a function
    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, fault: BaseException | None, trace: Any) -> None:
        if isinstance(fault, BaseError | OSError) and not isinstance(fault, FileNotFoundError):
            raise Unavailable("STORAGE_UNAVAILABLE") from fault


def _open(url: str) -> Any:
    if url.startswith(LOCAL_SCHEME):
        return LocalStore(Path(url.removeprefix(LOCAL_SCHEME)), mkdir=True)
    return MemoryStore() if url == "memory://" else from_url(url)


_current: list[Blobs] = []


def use(blobs: Blobs) -> None:
    """Have this process keep its files there."""
    _current[:] = [blobs]


def storage() -> Blobs:
    """Where this process keeps files; STORAGE_UNAVAILABLE before `use`."""
    if not _current:
        raise Unavailable("STORAGE_UNAVAILABLE")
    return _current[0]
