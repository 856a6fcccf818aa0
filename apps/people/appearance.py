"""How the pages look to the owner of an account."""

from apps.people.models import User

CHOSEN = "look"


def choose_look(*, user, theme="", edition=""):
    """Remember how `user` wants the pages to look; what is empty stays as it is.

    `theme` is a `Theme`, `edition` an `Edition`.
    """
    chosen = {name: value for name, value in (("theme", theme), ("edition", edition)) if value}
    User.objects.filter(pk=user.pk).update(**chosen)
    for name, value in chosen.items():
        setattr(user, name, value)


def forget_look(*, user):
    """Forget how `user` wanted the pages to look: the browser decides again."""
    User.objects.filter(pk=user.pk).update(theme="", edition="")
    user.theme = user.edition = ""


def keep_until_sign_in(session, chosen):
    """Note what a visitor `chosen`, by name: it becomes the choice of whoever signs in now."""
    session[CHOSEN] = session.get(CHOSEN, {}) | chosen


def note_sign_in(request, user, **kwargs):
    """What was chosen on the way to the sign-in belongs to the account from now on."""
    if chosen := request.session.pop(CHOSEN, None):
        choose_look(user=user, **chosen)
