"""How the worker works, from AFTERSALES_* variables; every one has a default that fits production."""

import os
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlsplit

from msgspec import Struct

from aftersales.kit.retries import RetryPolicy
from aftersales_server.errors import OperatorError

_MAIL_SCHEMES = ("smtp", "smtps", "smtp+starttls")


class WorkerOptions(Struct, frozen=True, kw_only=True):
    """`lease` is how long a delivery may take before another worker may try it; `smtp_url` None sends no mail."""

    smtp_url: str | None = None
    webhook_allow_private: bool = False
    lease: timedelta = timedelta(seconds=30)
    relay_pause: timedelta = timedelta(milliseconds=500)
    sweep_pause: timedelta = timedelta(seconds=1)
    retries: RetryPolicy = RetryPolicy()
    metrics_port: int | None = None
    concurrency: int = 16

    @property
    def wire_timeout(self) -> timedelta:
        """How long one exchange with the outside may take; well within the lease."""
        return min(timedelta(seconds=10), self.lease / 2)


def load_worker_options(environment: Mapping[str, str] | None = None) -> WorkerOptions:
    """The options in `environment` (default: the process's own); OperatorError names the variable that is wrong."""
    values = {k: v.strip() for k, v in (os.environ if environment is None else environment).items() if v.strip()}
    plain = WorkerOptions()
    smtp_url = values.get("AFTERSALES_SMTP_URL")
    if smtp_url is not None and (urlsplit(smtp_url).scheme not in _MAIL_SCHEMES or not urlsplit(smtp_url).hostname):
        raise OperatorError(
            "AFTERSALES_SMTP_URL must look like smtp://user:password@host:25?from=service@example.com "
            "(or smtps://, smtp+starttls://)."
        )
    port = values.get("AFTERSALES_WORKER_METRICS_PORT")
    return WorkerOptions(
        smtp_url=smtp_url,
        webhook_allow_private=_flag(values, "AFTERSALES_WEBHOOK_ALLOW_PRIVATE"),
        lease=_seconds(values, "AFTERSALES_WORKER_LEASE_SECONDS", plain.lease),
        retries=RetryPolicy(
            attempts=int(_number(values, "AFTERSALES_RETRY_ATTEMPTS", plain.retries.attempts)),
            first=_seconds(values, "AFTERSALES_RETRY_FIRST_SECONDS", plain.retries.first),
        ),
        metrics_port=None if port is None else int(_number(values, "AFTERSALES_WORKER_METRICS_PORT", 0)),
    )


def _seconds(values: Mapping[str, str], name: str, default: timedelta) -> timedelta:
    return timedelta(seconds=_number(values, name, default.total_seconds()))


def _number(values: Mapping[str, str], name: str, default: float) -> float:
    text = values.get(name)
    if text is None:
        return default
    try:
        number = float(text)
    except ValueError:
        number = -1
    if not 0 < number < 1_000_000:
        raise OperatorError(f"{name} must be a positive number, not {text!r}.")
    return number


def _flag(values: Mapping[str, str], name: str) -> bool:
    text = values.get(name, "0").lower()
    if text not in {"0", "1", "true", "false", "yes", "no", "on", "off"}:
        raise OperatorError(f"{name} must be 1 or 0, not {text!r}.")
    return text in {"1", "true", "yes", "on"}
