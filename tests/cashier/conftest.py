"""The cashier is met over the wire of the payments, whose fixtures these are."""

from tests.payments.conftest import at_cashier, line, no_broker, real_post_form

__all__ = ["at_cashier", "line", "no_broker", "real_post_form"]
