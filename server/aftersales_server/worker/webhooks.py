"""Webhooks: signed as Standard Webhooks prescribes, and never sent into our own network.

A tenant chooses the URL, so the URL may name what only this machine can reach. The host is resolved here, every
address of it must be public, and the connection goes to the address that was checked: a second resolution
could give another one.
"""

import asyncio
import ipaddress
import socket
from urllib.parse import urlsplit

import httpx
from standardwebhooks.webhooks import Webhook

from aftersales.kit.clock import SystemClock
from aftersales.notices.effects import DeliveryFailed, Undeliverable, WebhookToPost

_GONE = 410
_PORTS = {"http": 80, "https": 443}
_wall_clock = SystemClock()


class WebhookSender:
    """Posts to endpoints; `allow_private` lifts the guard, for tests and development."""

    def __init__(self, *, allow_private: bool, timeout: float) -> None:
        self._allow_private = allow_private
        self._timeout = timeout
        # Proxies of the environment would resolve the host again; redirects would name another one.
        self._client = httpx.AsyncClient(timeout=timeout, trust_env=False, follow_redirects=False)

    async def post(self, webhook: WebhookToPost) -> int:
        """The status of a 2xx answer; anything else is DeliveryFailed, 410 and a bad URL or secret Undeliverable."""
        headers = self._headers(webhook)
        try:
            async with asyncio.timeout(self._timeout):
                url, extensions = await self._target(webhook.url)
                headers["host"] = urlsplit(webhook.url).netloc.rpartition("@")[2]
                request = self._client.build_request(
                    "POST", url, content=webhook.body, headers=headers, extensions=extensions
                )
                # The body of the answer isn't read: it says nothing that matters and may never end.
                answer = await self._client.send(request, stream=True)
                await answer.aclose()
        except TimeoutError as fault:
            raise DeliveryFailed(f"no answer within {self._timeout:g} s") from fault
        except (httpx.HTTPError, httpx.InvalidURL) as fault:
            raise DeliveryFailed(f"{type(fault).__name__}: {fault}") from fault
        if answer.status_code == _GONE:
            raise Undeliverable("410 Gone", status=_GONE)
        if not answer.is_success:
            raise DeliveryFailed(f"the endpoint answered {answer.status_code}", status=answer.status_code)
        return answer.status_code

    async def close(self) -> None:
        await self._client.aclose()

    def _headers(self, webhook: WebhookToPost) -> dict[str, str]:
        # Receivers refuse a timestamp that is minutes off, so this is the machine's time, not a development clock's.
        now = _wall_clock.now()
        try:
            signature = Webhook(webhook.secret).sign(webhook.message_id, now, webhook.body.decode())
        except (ValueError, RuntimeError) as fault:
            raise Undeliverable("the endpoint's secret is no Standard Webhooks secret") from fault
        return {
            "content-type": "application/json",
            "user-agent": "aftersales-webhooks/1",
            "webhook-id": webhook.message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": signature,
        }

    async def _target(self, url: str) -> tuple[httpx.URL, dict[str, str]]:
        parts = urlsplit(url)
        host = parts.hostname
        if parts.scheme not in _PORTS or not host:
            raise Undeliverable("the URL must be http:// or https:// with a host")
        try:
            port = parts.port or _PORTS[parts.scheme]
        except ValueError as fault:
            raise Undeliverable("the URL's port isn't one") from fault
        address = await self._address(host, port)
        return httpx.URL(url).copy_with(host=address, port=port), {"sni_hostname": host}

    async def _address(self, host: str, port: int) -> str:
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as fault:
            raise DeliveryFailed(f"the host {host} can't be resolved") from fault
        addresses = [str(entry[4][0]) for entry in found]
        if not self._allow_private:
            for address in addresses:
                if not is_public(address):
                    raise Undeliverable(f"{host} is not a public address")
        return addresses[0]


def is_public(address: str) -> bool:
    """Whether an IP address lies in the public internet; one that carries an IPv4 address counts as that one."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address):
        inner = parsed.ipv4_mapped or parsed.sixtofour or (parsed.teredo[1] if parsed.teredo else None)
        if inner is not None:
            return is_public(str(inner))
        if parsed in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(parsed) & 0xFFFF_FFFF)))
    return parsed.is_global and not parsed.is_multicast


_NAT64 = ipaddress.ip_network("64:ff9b::/96")
