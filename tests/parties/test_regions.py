"""Which region codes there are."""

import pytest

from aftersales.kit.errors import InvalidInput
from aftersales.parties.regions import check_region


@pytest.mark.parametrize("region", ["11", "1310", "131000", "510100", None])
def test_codes_of_gb_t_2260_are_taken_as_they_are(region: str | None) -> None:
    assert check_region(region) == region


@pytest.mark.parametrize(
    "region", ["", "1", "131", "13100", "1310000", "99", "000000", "Beijing", "11 ", "13\n", "１１"]
)
def test_anything_else_is_no_region(region: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        check_region(region)
    assert (refusal.value.code, refusal.value.field) == ("REGION_UNKNOWN", "region")
