"""A client that costs next to nothing: one keep-alive connection per worker, requests made beforehand."""

import asyncio
from collections.abc import Callable
from time import perf_counter

from bench.rates import Rate


def request_bytes(path: str, token: str, body: bytes, host: str = "127.0.0.1") -> bytes:
    """One POST, ready to send."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nAccept-Language: zh-CN\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class Channel:
    """One keep-alive connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, host: str, port: int) -> "Channel":
        return cls(*await asyncio.open_connection(host, port, limit=1 << 20))

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Status and body of one request."""
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        status = int(head[9:12])
        lowered = head.lower()
        at = lowered.index(b"content-length:") + 15
        length = int(lowered[at : lowered.index(b"\r\n", at)])
        return status, await self._reader.readexactly(length)

    async def close(self) -> None:
        self._writer.close()
        await self._writer.wait_closed()


class HttpLoad:
    """Sends what `requests` gives over a fixed number of connections and refuses answers that aren't answers."""

    def __init__(self, port: int, connections: int, check: Callable[[bytes], bool]) -> None:
        self._port = port
        self._connections = connections
        self._check = check
        self._channels: list[Channel] = []

    async def __aenter__(self) -> "HttpLoad":
        self._channels = [await Channel.open("127.0.0.1", self._port) for _ in range(self._connections)]
        return self

    async def __aexit__(self, *_: object) -> None:
        for channel in self._channels:
            await channel.close()

    async def round(self, requests: Callable[[], bytes], seconds: float) -> Rate:
        """As many requests as go in `seconds`."""
        latencies: list[float] = []
        began = perf_counter()
        until = began + seconds

        async def work(channel: Channel) -> None:
            while (sent := perf_counter()) < until:
                status, body = await channel.ask(requests())
                latencies.append(perf_counter() - sent)
                if status != 200 or not self._check(body):
                    raise RuntimeError(f"the API answered {status}: {body[:2000].decode()}")

        await asyncio.gather(*(work(channel) for channel in self._channels))
        return Rate.of(latencies, perf_counter() - began)
