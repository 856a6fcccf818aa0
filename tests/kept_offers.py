"""What every offer promises."""

import pytest

from apps.common.refusals import Refused


def assert_kept(offer, do):
    """`do()` succeeds when `offer` is open; else it refuses in the words of the offer."""
    if offer.is_open:
        do()
        return
    with pytest.raises(Refused) as refusal:
        do()
    assert (offer.why_not, offer.next_step) == (refusal.value.message, refusal.value.next_step)
