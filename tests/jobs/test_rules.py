"""Who is told, at which address, when to try again: decisions without I/O."""

from datetime import timedelta
from uuid import UUID

import pytest

from aftersales.kit.ids import new_id
from aftersales.kit.messages import Language
from aftersales.kit.retries import RetryPolicy
from aftersales.notices.rules import About, Recipient, addresses_of, in_language, wants, whom_to_tell
from aftersales_server.errors import OperatorError
from aftersales_server.worker.options import load_worker_options
from aftersales_server.worker.webhooks import is_public


def member(
    *roles: str,
    addresses: tuple[str, ...] = (),
    customer_id: UUID | None = None,
    service_unit_id: UUID | None = None,
) -> Recipient:
    return Recipient(
        member_id=new_id(),
        name=roles[0],
        email=f"{roles[0]}@x.example",
        roles=frozenset(roles),
        language="zh-CN",
        addresses=addresses,
        customer_id=customer_id,
        service_unit_id=service_unit_id,
    )


def test_everybody_with_the_role_is_told_once() -> None:
    """Given a member with two of the roles, when both are told, then that member is told once."""
    both, one, other = member("dispatcher", "quality_supervisor"), member("dispatcher"), member("finance")
    told = whom_to_tell(["dispatcher", "quality_supervisor"], [both, one, other], About())
    assert [entry.recipient for entry in told] == [both, one]


def test_the_owner_stands_in_for_a_role_that_nobody_holds() -> None:
    """Given nobody on quality, when quality is to be told, then the owner is, and it is said that he stands in."""
    owner = member("owner")
    (told,) = whom_to_tell(["quality_supervisor"], [owner, member("dispatcher")], About())
    assert (told.recipient, told.role, told.stands_in) == (owner, "quality_supervisor", True)


def test_engineer_means_the_one_who_is_assigned() -> None:
    """Given two engineers, when one is assigned, then only that one is told; before that both are."""
    assigned, other = member("engineer"), member("engineer")
    about = About(engineer_member_id=assigned.member_id)
    assert [entry.recipient for entry in whom_to_tell(["engineer"], [assigned, other], about)] == [assigned]
    assert len(whom_to_tell(["engineer"], [assigned, other], About())) == 2


def test_a_customer_hears_only_of_its_own() -> None:
    """Given members of two customers, when a ticket of one is told of, then the other hears nothing."""
    mine, other = member("customer", customer_id=new_id()), member("customer", customer_id=new_id())
    dealer = member("dealer", service_unit_id=new_id())
    about = About(customer_id=mine.customer_id)
    told = whom_to_tell(["customer", "dealer"], [mine, other, dealer], about)
    assert [entry.recipient for entry in told] == [mine]


def test_addresses_are_the_members_own_else_the_mail_address() -> None:
    assert addresses_of(member("owner")) == ("mailto:owner@x.example",)
    assert addresses_of(member("owner", addresses=("feishu://token",))) == ("feishu://token",)


@pytest.mark.parametrize(
    ("wanted", "kind", "expected"),
    [
        (["ticket.opened"], "ticket.opened", True),
        (["ticket.*"], "ticket.closed", True),
        (["*"], "anything", True),
        (["ticket.*"], "ticketing.opened", False),
        (["ticket.opened"], "ticket.closed", False),
        ([], "ticket.opened", False),
    ],
)
def test_which_endpoint_wants_which_event(wanted: list[str], kind: str, expected: bool) -> None:
    assert wants(wanted, kind) is expected


@pytest.mark.parametrize(("language", "expected"), [("zh-CN", "你好"), ("en", "hello")])
def test_texts_come_in_the_readers_language(language: Language, expected: str) -> None:
    assert in_language({"zh": "你好", "en": "hello"}, language) == expected
    assert in_language({"zh-CN": "你好", "en": "hello"}, language) == expected


def test_a_text_that_lacks_the_language_comes_in_the_other_one() -> None:
    assert in_language({"en": "hello"}, "zh-CN") == "hello"
    assert in_language("as it is", "en") == "as it is"


def test_pauses_grow_up_to_a_limit_and_end() -> None:
    """Given four attempts, when three have failed, then pauses were 2, 10, 50 s, and after the fourth none follows."""
    policy = RetryPolicy(attempts=4, longest=timedelta(seconds=50))
    pauses = [policy.pause(failures, 0.5) for failures in (1, 2, 3, 4)]
    assert pauses == [timedelta(seconds=2), timedelta(seconds=10), timedelta(seconds=50), None]
    assert RetryPolicy().pause(9, 0.5) == timedelta(hours=8)


@pytest.mark.parametrize(("chance", "seconds"), [(0.0, 1.6), (1.0, 2.4)])
def test_jitter_spreads_a_pause_within_bounds(chance: float, seconds: float) -> None:
    assert RetryPolicy().pause(1, chance) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "::1",  # noqa: S104
        "fe80::1%eth0", "fd00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "224.0.0.1", "::",
    ],
)  # fmt: skip
def test_our_own_network_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AFTERSALES_SMTP_URL", "mail.example.com"),
        ("AFTERSALES_WORKER_LEASE_SECONDS", "0"),
        ("AFTERSALES_RETRY_ATTEMPTS", "many"),
        ("AFTERSALES_WEBHOOK_ALLOW_PRIVATE", "maybe"),
    ],
)
def test_a_wrong_option_is_named(name: str, value: str) -> None:
    with pytest.raises(OperatorError, match=name):
        load_worker_options({name: value})
