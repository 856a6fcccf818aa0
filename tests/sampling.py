"""Parameters of which a few run always, and the others only where CI=true."""

import pytest


def some(values, *kept):
    """`values` as parameters of a test: those in `kept` run always, the others in CI."""
    return [
        value if value in kept else pytest.param(value, marks=pytest.mark.slow) for value in values
    ]
