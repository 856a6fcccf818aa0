"""Settings of signing in: passwords, how often one may try, second factors.

`settings` takes in every name of this file. The numbers are rules (rules.py).
"""

from sbk_portal import rules
from sbk_portal.environment import DEMO, EMBEDDED, check_networks, env

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["apps.sign_in.backend.EmployeeNumberOrPhoneBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "apps.sign_in.passwords.KnownFactsValidator"},
    {"NAME": "apps.sign_in.passwords.WordsOfHereValidator"},
    {"NAME": "apps.sign_in.passwords.NoBlanksValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": rules.PASSWORD_MIN_LENGTH},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "apps.sign_in.breached.BreachedPasswordValidator"},
    {"NAME": "apps.sign_in.passwords.LongNumberValidator"},
]
# Names of the unit and of the portal, as people spell them: no password of them and little more.
PASSWORD_WORDS: list[str] = [
    *["shehuibaozhang", "shebao", "shebaoka", "sbk", "renshichu", "password", "mima", "admin"],
    *["社会保障", "社会保障卡", "社保", "社保卡", "人事处", "密码"],
    *env.list("PASSWORD_WORDS", default=[]),
]
# The sorted list of passwords that are known from breaches (apps/sign_in/breached.py); "" for none.
BREACHED_PASSWORDS = env.str("BREACHED_PASSWORDS", default="")
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home:home"
LOGOUT_REDIRECT_URL = "home:home"
ACCOUNT_ADAPTER = "apps.sign_in.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = "employee_number"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {
    "login": "apps.account.forms.SignInForm",
    "change_password": "apps.account.forms.PasswordChangeForm",
}
ACCOUNT_RATE_LIMITS = {
    "login": f"{rules.SIGN_INS_PER_MINUTE}/m/ip",
    "login_failed": f"{rules.FAILED_SIGN_INS_PER_MINUTE}/m/ip,"
    f"{rules.PASSWORD_TRIES}/{int(rules.PASSWORD_WAIT.total_seconds())}s/key",
    "unlock": f"{rules.PASSWORD_TRIES}/{int(rules.PASSWORD_WAIT.total_seconds())}s/key",
    "reset_password": f"{rules.ADDRESS_RESETS_PER_HOUR}/h/ip,"
    f"{rules.PASSWORD_RESETS_PER_HOUR}/h/key",
    "single_sign_on": f"{rules.SIGN_INS_PER_MINUTE}/m/ip",
    "single_sign_out": f"{rules.SIGN_OUTS_PER_MINUTE}/m/ip",
}
# The password is asked again for what guards the account, unless it was given just before.
ACCOUNT_REAUTHENTICATION_TIMEOUT = int(rules.PROOF_COUNTS_FOR.total_seconds())
PASSWORD_RESET_TIMEOUT = int(rules.RESET_LINK_LIFETIME.total_seconds())
# Second factors: an app's code, a passkey, codes on paper for when both are away.
MFA_ADAPTER = "apps.account.second_factor.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "apps.account.second_factor.forms.AuthenticateForm",
    "reauthenticate": "apps.account.second_factor.forms.ReauthenticateForm",
    "activate_totp": "apps.account.second_factor.forms.ActivateForm",
    "authenticate_webauthn": "apps.account.second_factor.forms.PasskeyCheckForm",
    "reauthenticate_webauthn": "apps.account.second_factor.forms.PasskeyAgainForm",
    "add_webauthn": "apps.account.second_factor.forms.AddPasskeyForm",
}
MFA_TOTP_TOLERANCE = 1  # a phone's clock may differ by half a minute
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = EMBEDDED  # http://localhost
# Who enters the desk must have one. In a demonstration it is a switch.
SECOND_FACTOR_FOR_STAFF = env.bool("SECOND_FACTOR_FOR_STAFF", default=not DEMO)
if DEMO:
    PASSWORD_HASHERS = ["apps.demo.hashing.QuickHasher"]
# Networks that people know by name: 校园网=10.0.0.0/8|202.194.0.0/16. Of others it is said whether
# they are inside.
NAMED_NETWORKS: dict[str, str] = env.dict("NAMED_NETWORKS", default={})
check_networks(
    "NAMED_NETWORKS", "|".join(NAMED_NETWORKS.values()).split("|") if NAMED_NETWORKS else ()
)
# How many proxies of our own add to X-Forwarded-For; 0 takes the address of the connection.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0 if EMBEDDED else 1)

# --- The university's single sign-on (docs/sign-in.md) --------------------------------------------

# What people call it.
SINGLE_SIGN_ON_NAME = env.str("SINGLE_SIGN_ON_NAME", default="统一身份认证")
# The longest wait for the answers of the server to one request, in seconds.
SINGLE_SIGN_ON_TIMEOUT: float = env.float("SINGLE_SIGN_ON_TIMEOUT", default=3.0)
# By which attribute, with which value, the server says that it has asked for a second factor:
# amr=mfa|otp. Empty: it is never believed to have, and the portal asks for its own.
SINGLE_SIGN_ON_FACTOR = env.str("SINGLE_SIGN_ON_FACTOR", default="")
# CAS, protocol 3: the address before /login. Empty: not used.
CAS_SERVER_URL = env.str("CAS_SERVER_URL", default="").rstrip("/")
CAS_SERVER_URL += "/" if CAS_SERVER_URL else ""
# The attribute that carries the employee number. Empty: the name with which one signs in there.
CAS_NUMBER_ATTRIBUTE = env.str("CAS_NUMBER_ATTRIBUTE", default="")
CAS_VERSION = "3"
# OpenID Connect: the address before /.well-known/. Empty: not used.
OIDC_ISSUER_URL = env.str("OIDC_ISSUER_URL", default="").rstrip("/")
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", default="")
OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", default="")
OIDC_SCOPES: list[str] = env.list("OIDC_SCOPES", default=["openid", "profile"])
# The claim that carries the employee number. Empty: the subject.
OIDC_NUMBER_CLAIM = env.str("OIDC_NUMBER_CLAIM", default="")
SOCIALACCOUNT_ADAPTER = "apps.single_sign_on.adapter.SingleSignOnAdapter"
# Whether people may sign in with a password of the portal. If not, only these accounts may, for the
# day on which the single sign-on is away.
LOCAL_SIGN_IN: bool = env.bool("LOCAL_SIGN_IN", default=True)
EMERGENCY_ACCOUNTS: list[str] = env.list("EMERGENCY_ACCOUNTS", default=[])
# Which server of the university a page stands in for, in a demonstration: make run SSO=cas or oidc.
DEMO_SINGLE_SIGN_ON = env.str("DEMO_SINGLE_SIGN_ON", default="") if DEMO else ""
