"""In which capacity somebody acts at the money desk."""

from apps.desk import roles
from apps.events.enums import Role


def role_of(user):
    """A reviewer acts as one; somebody of the finance department as a member of the staff."""
    return Role.REVIEWER if user.has_perm(roles.DECIDE) else Role.STAFF
