"""Uses up codes of second factors. All other changes of them are made by allauth's views."""

from allauth.mfa.base.forms import ReauthenticateForm

from apps.common.refusals import Refused


def use_code(*, code, by, at):
    """Use up `code`, of the app of `by` or one of the recovery codes, for the session of `by`.

    allauth compares it with the present time, not with `at`. Raises `Refused` if it is wrong, was
    used before, or too many were tried.
    """
    form = ReauthenticateForm({"code": code}, user=by)
    if not form.is_valid():
        raise Refused(form.errors["code"][0], code="wrong")
    form.save()
