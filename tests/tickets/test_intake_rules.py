"""What intake accepts, and where a ticket goes."""

import pytest

from aftersales import Duty, Label
from aftersales.kit.errors import InvalidInput
from aftersales.tickets import intake_rules as rules


def test_unknown_kinds_and_channels_list_what_is_known() -> None:
    with pytest.raises(InvalidInput, match="fault") as kind:
        rules.check_kind("wish")
    with pytest.raises(InvalidInput, match="phone") as channel:
        rules.check_channel("pigeon")
    assert (kind.value.code, channel.value.code) == ("KIND_UNKNOWN", "CHANNEL_UNKNOWN")


HEADQUARTERS = Duty(
    code="complaints", label=Label("投诉", "Complaints"), clause="P10-31", owner="headquarters", kinds=("complaint",),
    excludes_engineer=True,
)  # fmt: skip


def routed(kind: str, *, desk_open: bool, duties: tuple[Duty, ...] = ()) -> tuple[str, str | None]:
    found = rules.route(kind=kind, desk_open=desk_open, duties=duties, hotline="400-1", on_call="138-2")
    return found.queue, found.contact


@pytest.mark.clause("P10-28", "P10-29")
def test_while_the_desk_is_open_it_answers_and_off_hours_the_mobile_does() -> None:
    assert routed("fault", desk_open=True) == ("desk", "400-1")
    assert routed("fault", desk_open=False) == ("on_call", "138-2")


@pytest.mark.clause("P10-29")
def test_a_duty_with_its_own_number_is_reached_there() -> None:
    mobile = Duty(
        code="mobile", label=Label("手机", "Mobile"), clause="P10-29", owner="on_call", kinds=("fault",),
        when="desk_closed", contact="139-3",
    )  # fmt: skip
    assert routed("fault", desk_open=False, duties=(mobile,)) == ("on_call", "139-3")
    assert routed("fault", desk_open=True, duties=(mobile,)) == ("desk", "400-1")


@pytest.mark.clause("P10-31")
def test_complaints_go_to_their_owner_at_any_hour() -> None:
    assert routed("complaint", desk_open=True, duties=(HEADQUARTERS,)) == ("headquarters", None)
    assert routed("complaint", desk_open=False) == ("headquarters", None)
