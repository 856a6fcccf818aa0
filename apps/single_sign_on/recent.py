"""What the university has vouched for in the present session."""

from allauth.account.authentication import get_authentication_records

# In allauth's records of what was proven in a session.
METHOD = "single_sign_on"


def used_second_factor(request, user):
    """Whether `user` came in with a second factor of the university that the settings trust."""
    records = get_authentication_records(request, user)
    return any(record["method"] == METHOD and record.get("is_strong") for record in records)
