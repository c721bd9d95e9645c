"""A dealer system's side of a webhook: listens on this machine and keeps what came with a valid signature."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec
from standardwebhooks.webhooks import Webhook, WebhookVerificationError


class Receiver:
    """Keeps what is posted to it; `secret` is known once the endpoint was registered."""

    def __init__(self) -> None:
        self.secret: str | None = None
        self.received: list[dict[str, Any]] = []
        self.url = ""

    def take(self, body: bytes, headers: dict[str, str]) -> int:
        """The HTTP status of the answer: 204, or 401 for a signature that isn't the endpoint's."""
        if self.secret is None:
            return 503
        try:
            Webhook(self.secret).verify(body, headers)
        except WebhookVerificationError:
            return 401
        self.received.append(msgspec.json.decode(body))
        return 204


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver on a free port of this machine, while inside."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", "0")))
            self.send_response(receiver.take(body, {name.lower(): value for name, value in self.headers.items()}))
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing on the terminal: the timeline says what arrived."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}/dms"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
