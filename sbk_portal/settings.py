"""All settings, from the environment.

Two modes. `embedded` (the default) needs nothing: SQLite, a broker made of files, secrets that are
generated into var/ on the first start. `production` needs PostgreSQL, Redis and its own secrets,
and refuses to start while one is missing.
"""

import os
from datetime import timedelta
from pathlib import Path

import environ
from cryptography.fernet import Fernet
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from sbk_portal.embedded import load_or_create_secrets, make_broker

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.str("SBK_VAR_DIR", default=str(BASE_DIR / "var")))
# The data of people is in it: nobody but the owner of the process may look inside.
VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)

# --- Mode and secrets ---------------------------------------------------------------------------

MODE = env.str("SBK_MODE", default="embedded")
if MODE not in {"embedded", "production"}:
    raise ImproperlyConfigured(f"SBK_MODE is {MODE!r}; it must be embedded or production")
EMBEDDED = MODE == "embedded"
DEBUG = env.bool("SBK_DEBUG", default=False)

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
    "apps.review.apps.DeskConfig",  # django.contrib.admin
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
    "apps.review",
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
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
SESSION_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- Sign-in ------------------------------------------------------------------------------------

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["apps.people.sign_in.EmployeeNumberOrPhoneBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
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
# A whole campus stands behind one address, so the limits per address are wide; after five wrong
# passwords an account waits for five minutes.
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "login_failed": "60/m/ip,5/5m/key"}
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

# --- The portal's own rules ---------------------------------------------------------------------

# A live demonstration: shows the outbox page and quick production. On only in the embedded default.
DEMO = EMBEDDED and env.bool("SBK_DEMO", default=False)

# Who runs the portal and answers for the data, as the agreements name it, and how to reach it.
PORTAL_OPERATOR = {
    "name": env.str("PORTAL_OPERATOR_NAME", default="学校人事处"),
    "contact": env.str("PORTAL_OPERATOR_CONTACT", default="人事处社会保障卡服务窗口"),
}

# The card bureau: the folders of the adapter for files, where batches are put and reports found,
# and how long the simulated one takes for each stage.
BUREAU_OUT_DIR = env.str("BUREAU_OUT_DIR", default=str(VAR_DIR / "bureau" / "out"))
BUREAU_IN_DIR = env.str("BUREAU_IN_DIR", default=str(VAR_DIR / "bureau" / "in"))
SIMULATED_BUREAU_PRODUCTION = timedelta(seconds=25) if DEMO else timedelta(days=4)
SIMULATED_BUREAU_DISPATCH = timedelta(seconds=20) if DEMO else timedelta(days=3)
# Working days that reviewers have for a decision, and applicants for an amendment.
REVIEW_WORKING_DAYS = env.int("REVIEW_WORKING_DAYS", default=3)
# How long a reviewer holds a case without a sign of life before others may claim it.
REVIEW_CLAIM_LIFETIME = timedelta(minutes=env.int("REVIEW_CLAIM_MINUTES", default=30))
# How long an approval can be recalled before the request leaves for the card bureau; 0 for not at
# all. A demonstration shows it and does not keep people waiting.
APPROVAL_UNDO_WINDOW = (
    timedelta(seconds=20)
    if DEMO
    else timedelta(minutes=env.int("APPROVAL_UNDO_MINUTES", default=10))
)
# Whether a risky request (apps/review/risks.py) needs a second reviewer for its approval.
REVIEW_SECOND_REVIEW = env.bool("REVIEW_SECOND_REVIEW", default=False)
AMENDMENT_WORKING_DAYS = env.int("AMENDMENT_WORKING_DAYS", default=5)
# Exports of the desk: how long a file can be fetched, how many rows it may have, and how many files
# one person may have under way.
EXPORT_LIFETIME = timedelta(hours=env.int("EXPORT_LIFETIME_HOURS", default=24))
EXPORT_MAX_ROWS = env.int("EXPORT_MAX_ROWS", default=100_000)
EXPORTS_IN_FLIGHT = env.int("EXPORTS_IN_FLIGHT", default=2)
# How long the stages really take is read from what was finished in this time, and said on the pages
# where at least so many requests of a city (or of a city's bank) went through the stage.
STAGE_DURATION_WINDOW = timedelta(days=env.int("STAGE_DURATION_WINDOW_DAYS", default=180))
STAGE_DURATION_MIN_SAMPLE = env.int("STAGE_DURATION_MIN_SAMPLE", default=20)
# A submitted request that nobody paid for lapses after this time.
UNPAID_LAPSE = timedelta(days=env.int("UNPAID_LAPSE_DAYS", default=7))
# How long an order can be paid.
PAYMENT_VALID = timedelta(hours=env.int("PAYMENT_VALID_HOURS", default=24))
# RSA private keys: the portal signs its orders, the sandbox cashier its notifications. PEM or DER
# in Base64. Of Alipay we hold the public key of their platform, from the console of the contract.
PORTAL_PAYMENT_KEY = _secret("PORTAL_PAYMENT_KEY")
SANDBOX_CASHIER_KEY = _secret("SANDBOX_CASHIER_KEY")
ALIPAY_GATEWAY_URL = env.str("ALIPAY_GATEWAY_URL", default="https://openapi.alipay.com/gateway.do")
ALIPAY_APP_ID = env.str("ALIPAY_APP_ID", default="")
ALIPAY_SELLER_ID = env.str("ALIPAY_SELLER_ID", default="")
ALIPAY_PUBLIC_KEY = env.str("ALIPAY_PUBLIC_KEY", default="", multiline=True)
# A card that was sent counts as received after this time when nobody says otherwise.
COLLECT_AFTER = timedelta(days=env.int("COLLECT_AFTER_DAYS", default=15))

# Children that one guardian may register; pictures that prove a claim, at most, and how long they
# are kept after the decision.
GUARDIAN_MAX_WARDS = env.int("GUARDIAN_MAX_WARDS", default=8)
PROOF_MAX_PICTURES = 6
PROOF_RETENTION = timedelta(days=env.int("PROOF_RETENTION_DAYS", default=90))
# How long before the 16th birthday the guardian is told that it ends.
GUARDIAN_END_NOTICE = timedelta(days=60)

# A staff roster that is uploaded: bytes, bytes once an xlsx file is unpacked, rows. Up to so many
# rows it is read and applied while one waits, bigger ones in the background.
ROSTER_MAX_BYTES = env.int("ROSTER_MAX_BYTES", default=8 * 1024 * 1024)
ROSTER_MAX_UNPACKED = 80 * 1024 * 1024
ROSTER_MAX_ROWS = env.int("ROSTER_MAX_ROWS", default=20_000)
ROSTER_ROWS_AT_ONCE = 50
# A roster that would take the sign-in from a bigger share of the staff has to be confirmed twice.
ROSTER_LEAVING_PERCENT = env.int("ROSTER_LEAVING_PERCENT", default=20)
# A preview that nobody applied is discarded after this time.
ROSTER_RETENTION = timedelta(days=1)
# The link of an invitation: how long it is good, and how many wrong answers end it.
INVITATION_LIFETIME = timedelta(days=env.int("INVITATION_DAYS", default=7))
INVITATION_ANSWERS = 5

# How long personal data is kept; hourly tasks see to it. The agreements in
# templates/account/consents and docs/security.md name the same times, so they are no variables of
# the environment.
# From the end of the request: the pictures; everything else that was filled in, and the address.
PORTRAIT_RETENTION = timedelta(days=90)
DATA_RETENTION = timedelta(days=2 * 365)
# From the last saving: what a draft holds. From the sending or the trying: codes, comparisons of
# faces. From the arrival: notifications about no order of ours. Messages of the local senders.
DRAFT_RETENTION = timedelta(days=180)
CODE_RETENTION = timedelta(days=1)
FACE_TRY_RETENTION = timedelta(days=30)
REFUSED_NOTIFICATION_RETENTION = timedelta(days=90)
OUTBOX_RETENTION = timedelta(days=7)
# Files of the bureau in the folders of the exchange; a report uploaded by hand and not confirmed.
BUREAU_FILE_RETENTION = timedelta(days=90)
REPORT_UPLOAD_RETENTION = timedelta(days=1)
# A file that could not be deleted is tried again after this time.
FILE_RETRY_AFTER = timedelta(hours=6)

# Uploaded pictures: bytes, pixels (before decoding), pixels of the shorter edge, and the longer
# edge to which they are reduced for all further work.
PICTURE_MAX_BYTES = env.int("PICTURE_MAX_BYTES", default=10 * 1024 * 1024)
PICTURE_MAX_PIXELS = env.int("PICTURE_MAX_PIXELS", default=40_000_000)
PICTURE_MIN_EDGE = 120
PICTURE_WORKING_EDGE = 2400
# A picture that may be accepted stays in memory: the face of a check never touches the disk.
FILE_UPLOAD_MAX_MEMORY_SIZE = PICTURE_MAX_BYTES + 1024 * 1024
# The portrait on the card: bytes of the JPEG, and the least width of a crop in pixels: nothing is
# blown up.
PORTRAIT_MIN_BYTES = env.int("PORTRAIT_MIN_BYTES", default=14 * 1024)
PORTRAIT_MAX_BYTES = env.int("PORTRAIT_MAX_BYTES", default=40_000)
PORTRAIT_MIN_CROP_WIDTH = env.int("PORTRAIT_MIN_CROP_WIDTH", default=358)
# What counts as white (least grey level, largest difference of channels; 0 to 255), as sharp
# (least variance of the Laplacian) and as well exposed (mean grey level of the middle).
PORTRAIT_WHITE_LEVEL = env.int("PORTRAIT_WHITE_LEVEL", default=218)
PORTRAIT_TINT_LIMIT = env.int("PORTRAIT_TINT_LIMIT", default=22)
PORTRAIT_SHARPNESS = env.float("PORTRAIT_SHARPNESS", default=25.0)
PORTRAIT_EXPOSURE = (60, 215)
# Faces: off where a unit does not want them. Distances below the first are the same person, above
# the second another; dlib puts the border at 0.6 for photographs of any kind. In between, where a
# roster photo may be ten years old, a reviewer looks.
FACES_ENABLED = env.bool("FACES_ENABLED", default=True)
FACE_SIMILAR_BELOW = env.float("FACE_SIMILAR_BELOW", default=0.45)
FACE_DIFFERENT_ABOVE = env.float("FACE_DIFFERENT_ABOVE", default=0.6)
# Who compares a face with a person: a class with the methods of the local one. A unit with a
# certification service of its own names its adapter here.
FACE_PROVIDER = env.str("FACE_PROVIDER", default="apps.verification.providers.LocalFaces")
# An identity check is good for this time, once; comparisons of a face that a person may ask for in
# an hour; codes by SMS: life, wait before the next one, tries of one code, codes in an hour.
CHECK_LIFETIME = timedelta(minutes=30)
FACE_TRIES_PER_HOUR = env.int("FACE_TRIES_PER_HOUR", default=10)
CODE_LIFETIME = timedelta(minutes=5)
CODE_WAIT = timedelta(minutes=1)
CODE_TRIES = 5
CODES_PER_HOUR = env.int("CODES_PER_HOUR", default=10)

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
