"""Which files are accepted: by what they hold, not by what they say they are. Pure."""

import unicodedata
from pathlib import PurePosixPath
from typing import Final

import filetype  # type: ignore[import-untyped]

from aftersales.kit.errors import InvalidInput
from aftersales.kit.text import NAME_LIMIT, clean_text

HEAD_BYTES: Final = 8_192
"""How much of a file is looked at to know its type."""

TEXT: Final = "text/plain"
ACCEPTED: Final[dict[str, tuple[str, ...]]] = {
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/webp": (".webp",),
    "image/gif": (".gif",),
    "image/heic": (".heic",),
    "application/pdf": (".pdf",),
    "application/msword": (".doc",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (".docx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (".xlsx",),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": (".pptx",),
    "video/mp4": (".mp4",),
    "video/quicktime": (".mov",),
    "audio/mpeg": (".mp3",),
    "audio/mp4": (".m4a",),
    "audio/amr": (".amr",),
    TEXT: (".txt", ".csv", ".md"),
}
"""Media type by content -> the endings that a file of it may have."""


def checked_name(name: str) -> str:
    """The last part of a file's name. FILE_NAME_INVALID without an ending, TEXT_INVALID, TEXT_TOO_LONG."""
    text = clean_text(unicodedata.normalize("NFC", name), "name", NAME_LIMIT, required=True)
    last = PurePosixPath(text.replace("\\", "/")).name
    if not last or not PurePosixPath(last).suffix or any(character in last for character in "\r\n\t"):
        raise InvalidInput("FILE_NAME_INVALID", field="name")
    return last


def media_type_of(head: bytes, name: str, purpose: str) -> str:
    """The type that a file really has.

    FILE_EMPTY; FILE_TYPE_REFUSED for what isn't accepted, a program above all; FILE_TYPE_MISMATCH when the name's
    ending says something else, or when a photo is none.
    """
    if not head:
        raise InvalidInput("FILE_EMPTY", field="file")
    actual = _sniffed(head)
    endings = ACCEPTED.get(actual)
    if endings is None:
        raise InvalidInput("FILE_TYPE_REFUSED", field="file", actual=actual)
    ending = PurePosixPath(name).suffix.lower()
    if ending not in endings:
        raise InvalidInput("FILE_TYPE_MISMATCH", field="name", actual=actual, expected=ending)
    if purpose == "photo" and not actual.startswith("image/"):
        raise InvalidInput("FILE_TYPE_MISMATCH", field="purpose", actual=actual, expected="image")
    return actual


def _sniffed(head: bytes) -> str:
    found: str | None = filetype.guess_mime(head)
    if found is not None:
        return found
    if head.startswith((b"#!", b"MZ", b"\x7fELF")):
        return "application/x-executable"
    try:
        # The last character may be cut off.
        text = head.decode() if len(head) < HEAD_BYTES else head[:-4].decode("utf-8", errors="strict")
    except UnicodeDecodeError as fault:
        if len(head) < HEAD_BYTES or fault.start < len(head) - 8:
            return "application/octet-stream"
        text = head[: fault.start].decode()
    control = any(unicodedata.category(one) == "Cc" and one not in "\n\r\t\f" for one in text)
    return "application/octet-stream" if control else TEXT
