"""All settings, from the environment: Django's own, and which outside parties the portal talks to.

The portal's own rules (times, limits, periods) are in rules.py and are taken in here, so that
`settings.NAME` reads either.
"""

import os
from datetime import timedelta

from cryptography.fernet import Fernet
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from sbk_portal import rules
from sbk_portal.embedded import load_or_create_secrets, make_broker
from sbk_portal.environment import BASE_DIR, EMBEDDED, VAR_DIR, env
from sbk_portal.environment import DEMO as DEMO
from sbk_portal.rules import *

DEBUG = env.bool("SBK_DEBUG", default=False)

# --- Secrets ------------------------------------------------------------------------------------

REQUIRED_IN_PRODUCTION = [
    "SECRET_KEY",
    "FIELD_KEYS",
    "INDEX_KEY",
    "DATABASE_URL",
    "REDIS_URL",
    "ALLOWED_HOSTS",
    "PORTAL_URL",
    "CARD_BUREAU",  # named on purpose: the simulated one would tell people of cards nobody makes
]
# What a chosen adapter needs besides.
REQUIRED_BY_GATEWAY = {
    "alipay": ["PORTAL_PAYMENT_KEY", "ALIPAY_APP_ID", "ALIPAY_SELLER_ID", "ALIPAY_PUBLIC_KEY"],
    "sandbox": ["PORTAL_PAYMENT_KEY", "SANDBOX_CASHIER_KEY"],
}
REQUIRED_BY_SMS_SENDER = {
    "apps.notices.senders.http_sms.HttpSms": ["SMS_GATEWAY_URL", "SMS_GATEWAY_KEY"],
}
REQUIRED_BY_BUREAU = {
    "apps.bureau.adapters.files.FilesBureau": ["BUREAU_OUT_DIR", "BUREAU_IN_DIR"],
}

# Payments: the gateway that takes new orders (sandbox or alipay). In production the sandbox is used
# only when it is named here, with a key of its own.
PAYMENT_GATEWAY = env.str("PAYMENT_GATEWAY", default="sandbox" if EMBEDDED else "alipay")
# The card bureau: which adapter.
CARD_BUREAU = env.str("CARD_BUREAU", default="apps.bureau.adapters.simulated.SimulatedBureau")
# Messages: which adapters. The outbox keeps them for the demonstration page.
SMS_SENDER = env.str(
    "SMS_SENDER",
    default="apps.notices.senders.outbox.OutboxSms"
    if EMBEDDED
    else "apps.notices.senders.http_sms.HttpSms",
)
EMAIL_SENDER = env.str(
    "EMAIL_SENDER",
    default="apps.notices.senders.outbox.OutboxEmail"
    if EMBEDDED
    else "apps.notices.senders.mail.DjangoEmail",
)

if EMBEDDED:
    _generated = load_or_create_secrets(VAR_DIR / "secrets.json")
else:
    _generated = {}
    _missing = [
        name
        for name in [
            *REQUIRED_IN_PRODUCTION,
            *REQUIRED_BY_GATEWAY.get(PAYMENT_GATEWAY, []),
            *REQUIRED_BY_SMS_SENDER.get(SMS_SENDER, []),
            *REQUIRED_BY_BUREAU.get(CARD_BUREAU, []),
        ]
        if not os.environ.get(name, "").strip()
    ]
    if _missing:
        raise ImproperlyConfigured(
            "The portal cannot start in production mode; set in the environment: "
            + ", ".join(_missing)
        )


def _secret(name):
    # Not by `env`, which takes a value that begins with a dollar sign for another variable's name.
    return os.environ.get(name) or _generated.get(name, "")


SECRET_KEY = _secret("SECRET_KEY")
# Fernet keys of the encrypted columns, newest first; the first one encrypts, all of them decrypt.
FIELD_KEYS = [key.strip() for key in _secret("FIELD_KEYS").split(",") if key.strip()]
try:
    for _key in FIELD_KEYS:
        Fernet(_key)
except ValueError:
    raise ImproperlyConfigured(
        "FIELD_KEYS must be Fernet keys (32 bytes in URL-safe base64), separated by commas"
    ) from None
# Key of the blind indexes (HMAC-SHA-256): exact look-up and uniqueness without the plain value.
INDEX_KEY = _secret("INDEX_KEY")
if len(INDEX_KEY) < 32:
    raise ImproperlyConfigured("INDEX_KEY must have at least 32 characters, drawn at random")

PORTAL_URL = env.str("PORTAL_URL", default="http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = [PORTAL_URL] if PORTAL_URL.startswith("https://") else []

# --- Applications -------------------------------------------------------------------------------

INSTALLED_APPS = [
    "apps.backoffice.apps.DeskSiteConfig",  # django.contrib.admin
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "import_export",
    "csp",
    "allauth",
    "allauth.account",
    "apps.common",
    "apps.events",
    "apps.lifecycle",
    "apps.regions",
    "apps.people",
    "apps.cards",
    "apps.requests",
    "apps.reporting",
    "apps.bureau",
    "apps.verification",
    "apps.delivery",
    "apps.payments",
    "apps.notices",
    "apps.home",
    "apps.account",
    "apps.children",
    "apps.application",
    "apps.activation",
    "apps.replacement",
    "apps.loss_report",
    "apps.progress",
    "apps.desk",
    "apps.review",
    "apps.backoffice",
    "apps.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "apps.common.htmx.CacheHeadersMiddleware",
    "apps.common.htmx.SignInRedirectMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "sbk_portal.urls"
WSGI_APPLICATION = "sbk_portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "apps.demo.context.demo",
            ],
            "builtins": [
                "apps.common.templatetags.formats",
                "apps.common.templatetags.components",
            ],
        },
    }
]

FORM_RENDERER = "apps.common.rendering.PortalRenderer"

# --- Database -----------------------------------------------------------------------------------

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")}
_database = DATABASES["default"]
_database["ATOMIC_REQUESTS"] = False
_options = _database.setdefault("OPTIONS", {})  # what stands in DATABASE_URL after "?" is kept
if _database["ENGINE"] == "django.db.backends.sqlite3":
    _options["timeout"] = 20
    _options["transaction_mode"] = "IMMEDIATE"
    _options["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
elif _database["ENGINE"] == "django.db.backends.postgresql":
    _database["CONN_MAX_AGE"] = 0
    if not EMBEDDED:
        # Connections of one process, at most: one a thread is enough.
        _options["pool"] = {"min_size": 1, "max_size": env.int("DB_POOL", default=8)}
if _database["ENGINE"] not in {
    "django.db.backends.postgresql",
    *(["django.db.backends.sqlite3"] if EMBEDDED else []),
}:
    raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database: postgres://…")

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Cache, sessions, messages ------------------------------------------------------------------

REDIS_URL = env.str("REDIS_URL", default="")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}
SESSION_COOKIE_AGE = int(rules.SESSION_LIFETIME.total_seconds())
SESSION_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- Sign-in ------------------------------------------------------------------------------------

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["apps.people.sign_in.EmployeeNumberOrPhoneBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": rules.PASSWORD_MIN_LENGTH},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home:home"
LOGOUT_REDIRECT_URL = "home:home"
ACCOUNT_ADAPTER = "apps.people.sign_in.AccountAdapter"
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
}
# How many proxies of our own add to X-Forwarded-For; 0 takes the address of the connection.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0 if EMBEDDED else 1)

# --- Language and time --------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# --- Files --------------------------------------------------------------------------------------

STATIC_URL = "/static/"
# Collected: served from one folder, compressed, with a hash in each name. Else: as they lie.
STATIC_IS_COLLECTED = env.bool("SBK_STATIC_IS_COLLECTED", default=not EMBEDDED)
STATIC_ROOT = BASE_DIR / "staticfiles" if STATIC_IS_COLLECTED else VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = not STATIC_IS_COLLECTED
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
WHITENOISE_AUTOREFRESH = DEBUG
# Uploads are private: no URL leads to the folder, a view serves each file to those who may see it.
MEDIA_ROOT = VAR_DIR / "private"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_IS_COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
# A picture that may be accepted stays in memory: the face of a check never touches the disk.
FILE_UPLOAD_MAX_MEMORY_SIZE = rules.PICTURE_MAX_BYTES + 1024 * 1024

# --- Security -----------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
if not EMBEDDED:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked from inside, without the proxy
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds())
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

# --- Celery -------------------------------------------------------------------------------------

CELERY_TIMEZONE = "UTC"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 300
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object]
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}
else:
    BROKER_DIR = VAR_DIR / "broker"
    make_broker(BROKER_DIR)
    CELERY_BROKER_URL = "files://localhost"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        # The same folder on both sides: what one process puts out is what another takes in.
        "data_folder_in": str(BROKER_DIR / "messages"),
        "data_folder_out": str(BROKER_DIR / "messages"),
        "control_folder": str(BROKER_DIR / "control"),
        "polling_interval": 0.2,
    }
    # Remote control would add queues to the folder with every start.
    CELERY_WORKER_ENABLE_REMOTE_CONTROL = False

# --- Outside parties ----------------------------------------------------------------------------

# The card bureau: the folders of the adapter for files, where batches are put and reports found.
BUREAU_OUT_DIR = env.str("BUREAU_OUT_DIR", default=str(VAR_DIR / "bureau" / "out"))
BUREAU_IN_DIR = env.str("BUREAU_IN_DIR", default=str(VAR_DIR / "bureau" / "in"))
# RSA private keys: the portal signs its orders, the sandbox cashier its notifications. PEM or DER
# in Base64. Of Alipay we hold the public key of their platform, from the console of the contract.
PORTAL_PAYMENT_KEY = _secret("PORTAL_PAYMENT_KEY")
SANDBOX_CASHIER_KEY = _secret("SANDBOX_CASHIER_KEY")
ALIPAY_GATEWAY_URL = env.str("ALIPAY_GATEWAY_URL", default="https://openapi.alipay.com/gateway.do")
ALIPAY_APP_ID = env.str("ALIPAY_APP_ID", default="")
ALIPAY_SELLER_ID = env.str("ALIPAY_SELLER_ID", default="")
ALIPAY_PUBLIC_KEY = env.str("ALIPAY_PUBLIC_KEY", default="", multiline=True)
# Who compares a face with a person: a class with the methods of the local one. A unit with a
# certification service of its own names its adapter here.
FACE_PROVIDER = env.str("FACE_PROVIDER", default="apps.verification.providers.LocalFaces")
# The mail server of DjangoEmail, as smtp+tls://user:password@host:587, and who writes.
vars().update(env.email("EMAIL_URL", default="smtp://localhost:25"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="portal@localhost")
# The SMS gateway of HttpSms: address, the key that signs, and the longest wait in seconds.
SMS_GATEWAY_URL = env.str("SMS_GATEWAY_URL", default="")
SMS_GATEWAY_KEY = env.str("SMS_GATEWAY_KEY", default="")
SMS_GATEWAY_TIMEOUT = env.float("SMS_GATEWAY_TIMEOUT", default=10.0)

# --- Logging ------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"privacy": {"()": "apps.common.log_privacy.RedactPersonalNumbers"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["privacy"],
        }
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    # Periodic work every few seconds would bury everything else.
    "loggers": {"celery": {"level": env.str("CELERY_LOG_LEVEL", default="WARNING")}},
}
# The worker logs through the handlers above, with their filter, instead of its own.
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
