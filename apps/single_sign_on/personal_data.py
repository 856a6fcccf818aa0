"""What the libraries of single sign-on could keep about people; only tickets are ever written."""

from apps.common.kept_data import PersonalData

KEPT: tuple[PersonalData, ...] = ()

WITHOUT = {
    # A ticket names nobody, and goes with its session.
    "django_cas_ng.SessionTicket": ("session_key", "ticket"),
    # Empty: no proxy tickets are asked for, the settings name the server, and nothing that it tells
    # of somebody is kept.
    "django_cas_ng.ProxyGrantingTicket": ("session_key", "user", "pgtiou", "pgt", "date"),
    "socialaccount.SocialApp": (
        "provider",
        "provider_id",
        "name",
        "client_id",
        "secret",
        "key",
        "settings",
    ),
    "socialaccount.SocialAccount": (
        "user",
        "provider",
        "uid",
        "last_login",
        "date_joined",
        "extra_data",
    ),
    "socialaccount.SocialToken": ("app", "account", "token", "token_secret", "expires_at"),
}
