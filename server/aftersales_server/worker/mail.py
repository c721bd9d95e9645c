"""Notices to people through apprise: mail by the platform's SMTP server, chats by their own services."""

import asyncio
from email import message_from_string
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from apprise import Apprise, NotifyBase, NotifyFormat
from apprise.plugins.email.base import NotifyEmail
from apprise.plugins.email.smtp import AppriseSMTPController, SMTPSecureMode

from aftersales.notices.effects import DeliveryFailed, NoChannel, NoticeToSend, Undeliverable
from aftersales_server.worker.options import WorkerOptions

CHAT_SCHEMES = frozenset({"wecombot", "dingtalk", "feishu", "lark", "serverchan"})
"""Services with a fixed host: an address of a member's own choice can't lead into our network."""
_SECURITY = {
    "smtp": ("mailto", "insecure"),
    "smtps": ("mailtos", "ssl"),
    "smtp+starttls": ("mailtos", "starttls"),
}


async def send_notice(notice: NoticeToSend, options: WorkerOptions) -> None:
    """Send it; DeliveryFailed when the server refuses or is away, Undeliverable and NoChannel when it never will."""
    service = _service(notice, options)
    try:
        async with asyncio.timeout(options.wire_timeout.total_seconds()):
            sent = await asyncio.to_thread(
                service.notify, body=notice.body, title=notice.subject, body_format=NotifyFormat.TEXT
            )
    except TimeoutError as fault:
        raise DeliveryFailed("the service didn't answer in time") from fault
    except TypeError as fault:
        raise DeliveryFailed(f"the service can't take this notice: {fault}") from fault
    if not sent:
        raise DeliveryFailed(f"{service.service_name} didn't take the notice")


def _service(notice: NoticeToSend, options: WorkerOptions) -> NotifyBase:
    scheme, _, rest = notice.address.partition(":")
    if scheme == "mailto" and "@" in rest:
        if options.smtp_url is None:
            raise NoChannel("no SMTP server is set (AFTERSALES_SMTP_URL)")
        return _mail(notice, rest.removeprefix("//").partition("?")[0], options)
    if scheme not in CHAT_SCHEMES:
        raise Undeliverable(f"notices can't be sent to {scheme}: addresses")
    service = Apprise.instantiate(notice.address)
    if service is None:
        raise Undeliverable(f"the {scheme} address isn't understood")
    return service


def _mail(notice: NoticeToSend, recipient: str, options: WorkerOptions) -> NotifyBase:
    given = urlsplit(options.smtp_url or "")
    scheme, mode = _SECURITY[given.scheme]
    sender = dict(parse_qsl(given.query)).get("from", f"aftersales@{given.hostname}")
    parameters = {
        "smtp": given.hostname or "",
        "from": sender,
        "to": unquote(recipient),
        "mode": mode,
        "format": "text",
        "cto": str(options.wire_timeout.total_seconds()),
    }
    login = ""
    if given.username:
        parameters["user"] = unquote(given.username)
        login = f"{quote(unquote(given.username), safe='')}:{quote(unquote(given.password or ''), safe='')}@"
    port = given.port or {"smtp": 25, "smtps": 465, "smtp+starttls": 587}[given.scheme]
    parsed: dict[str, Any] | None = NotifyEmail.parse_url(  # type: ignore[no-untyped-call]
        f"{scheme}://{login}{given.hostname}:{port}/?{urlencode(parameters)}"
    )
    if parsed is None:
        raise Undeliverable("the mail address or AFTERSALES_SMTP_URL isn't understood")
    service = IdentifiedEmail(**parsed)  # type: ignore[no-untyped-call]
    service.message_id = notice.message_id
    return service


class IdentifiedEmail(NotifyEmail):  # type: ignore[no-untyped-call]
    """apprise's e-mail with a Message-ID of ours: a second attempt is the same mail to whoever gets both.

    apprise makes a new Message-ID each time it builds a mail and would put one that we ask for beside its own.
    """

    message_id = ""

    def send(self, body: Any, title: Any = "", *_unused: Any, **_unused_too: Any) -> bool:
        try:
            with AppriseSMTPController(
                host=self.smtp_host,
                port=self.port or 0,
                secure_mode=self.secure_mode or SMTPSecureMode.STARTTLS,
                user=self.user,
                password=self.password,
                verify_certificate=self.verify_certificate,
                socket_connect_timeout=self.socket_connect_timeout,
            ) as smtp:
                return all(
                    smtp.sendmail(str(self.from_addr[1]), mail.to_addrs, self._identified(mail.body))
                    for mail in NotifyEmail.prepare_emails(
                        subject=title,
                        body=body,
                        notify_format=NotifyFormat.TEXT,
                        from_addr=self.from_addr,
                        to=self.targets,
                        smtp_host=self.smtp_host,
                        headers={"Auto-Submitted": "auto-generated"},
                        tzinfo=self.tzinfo,
                    )
                )
        except OSError as fault:
            # smtplib's exceptions are OSErrors.
            raise DeliveryFailed(f"{type(fault).__name__}: {fault}") from fault

    def _identified(self, mail: object) -> str:
        message = message_from_string(str(mail))
        message.replace_header("Message-ID", self.message_id)
        return message.as_string()
