"""Who may open a page of the desk. The admin site has checked for a member of the staff before."""

from django.contrib.auth.decorators import permission_required

from apps.desk import roles


def requires(permission):
    """A decorator: 403 for users without `permission`, a constant of `roles`."""
    return permission_required(permission, raise_exception=True)


readers_only = requires(roles.READ)
reviewers_only = requires(roles.DECIDE)
money_readers_only = requires(roles.READ_MONEY)
money_settlers_only = requires(roles.SETTLE_MONEY)
