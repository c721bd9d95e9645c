"""A mail as a request (P08-18): who wrote, about what, and by which id it is known. Pure."""

import hashlib
import unicodedata
from collections.abc import Iterable
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Final

from msgspec import Struct

from aftersales.kit.errors import InvalidInput
from aftersales.kit.text import BODY_LIMIT, TITLE_LIMIT

MAIL_LIMIT: Final = 1_000_000
"""The longest mail in characters; a longer one is for people to read."""
_CUT: Final = "…"
_BLOCKS: Final = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3"})
_UNSEEN: Final = frozenset({"script", "style", "head"})


class Mail(Struct, frozen=True, kw_only=True):
    """What a mail says: the sender's address in lower case, a title, the text, and a key equal for equal mails."""

    sender: str
    title: str
    text: str
    key: str


def read_mail(raw: str) -> Mail:
    """Read an RFC 5322 message.

    MAIL_TOO_LONG, MAIL_INVALID without exactly one sender's address, MAIL_AUTOMATIC for what a machine sent
    (RFC 3834): an answer to it would come back for ever. Text that is too long is cut, control characters go.
    """
    if len(raw) > MAIL_LIMIT:
        raise InvalidInput("MAIL_TOO_LONG", field="raw", limit=MAIL_LIMIT, length=len(raw))
    content = raw.lstrip().encode("utf-8", "replace")
    try:
        message = message_from_bytes(content, policy=policy.default)
        sender = _sender(message)
        automatic = str(message.get("Auto-Submitted", "no")).strip().lower()
        subject = _one_line(str(message.get("Subject", "")))
        message_id = str(message.get("Message-ID", "")).strip()
        text = _text(message)
    except (MessageError, ValueError, LookupError, AttributeError, TypeError) as fault:
        # The standard library answers some malformed headers with errors of its own making.
        raise _invalid() from fault
    if automatic != "no":
        raise InvalidInput("MAIL_AUTOMATIC", field="raw")
    title = subject or _one_line(text.partition("\n")[0]) or sender
    known_by = message_id.encode("utf-8", "replace") or content
    return Mail(
        sender=sender,
        title=_cut(title, TITLE_LIMIT),
        text=_cut(text, BODY_LIMIT),
        key=f"mail:{hashlib.sha256(known_by).hexdigest()}",
    )


def _invalid() -> InvalidInput:
    return InvalidInput("MAIL_INVALID", field="raw")


def _sender(message: EmailMessage) -> str:
    header = message.get("From")
    addresses = [found.addr_spec for found in header.addresses if found.domain] if header is not None else []
    if len(addresses) != 1:
        raise _invalid()
    return _clean(str(addresses[0])).strip().lower()


def _text(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else str(payload).encode()
    # What isn't encoded for transport came as text already, whatever charset it had on its way.
    encoded = str(part.get("Content-Transfer-Encoding", "")).strip().lower() in {"base64", "quoted-printable"}
    try:
        text = content.decode(part.get_content_charset("utf-8") if encoded else "utf-8", "replace")
    except LookupError:
        text = content.decode("utf-8", "replace")
    if part.get_content_type() == "text/html":
        text = _Words.of(text)
    return _clean(text.replace("\r\n", "\n")).strip()


def _clean(text: str) -> str:
    """Without what `clean_text` would refuse: a mail isn't sent back for a stray control character."""
    return "".join(
        character for character in text if character in "\n\t" or unicodedata.category(character) not in {"Cc", "Cs"}
    )


def _one_line(text: str) -> str:
    return " ".join(_clean(text).split())


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - len(_CUT)] + _CUT


class _Words(HTMLParser):
    """The words of a page, a line per block."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.unseen = 0

    @classmethod
    def of(cls, page: str) -> str:
        parser = cls()
        parser.feed(page)
        parser.close()
        lines = (" ".join(line.split()) for line in "".join(parser.words).splitlines())
        return "\n".join(_without_gaps(lines))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unseen += tag in _UNSEEN
        if tag in _BLOCKS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.unseen -= tag in _UNSEEN and self.unseen > 0
        if tag in _BLOCKS:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.words.append(data)


def _without_gaps(lines: Iterable[str]) -> list[str]:
    return [line for line in lines if line]
