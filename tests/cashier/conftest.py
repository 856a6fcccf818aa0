"""The fixtures of the payments, through which the tests reach the cashier."""

from tests.payments.conftest import at_cashier, line, no_broker, real_post_form

__all__ = ["at_cashier", "line", "no_broker", "real_post_form"]
