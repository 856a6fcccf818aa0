"""All settings, from the environment.

Those of Django and its apps stand here. The portal's own rules (rules.py) and the outside parties
it talks to (parties.py) are taken in, so that `settings.NAME` reads any of them.
"""

from datetime import timedelta

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from sbk_portal import rules
from sbk_portal.embedded import make_broker
from sbk_portal.environment import BASE_DIR, EMBEDDED, VAR_DIR, env
from sbk_portal.environment import DEMO as DEMO
from sbk_portal.parties import *
from sbk_portal.rules import *

DEBUG = env.bool("SBK_DEBUG", default=False)

# --- Addresses of the portal --------------------------------------------------------------------

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
    "apps.sheets",
    "apps.events",
    "apps.lifecycle",
    "apps.regions",
    "apps.people",
    "apps.roster",
    "apps.cards",
    "apps.requests",
    "apps.reporting",
    "apps.bureau",
    "apps.verification",
    "apps.delivery",
    "apps.inquiries",
    "apps.payments",
    "apps.cashier",
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
    "apps.phrasebook",
    "apps.risks",
    "apps.review",
    "apps.bulk",
    "apps.exports",
    "apps.rulebook",
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
    "apps.common.working_days.CalendarMiddleware",
    "apps.common.htmx.CacheHeadersMiddleware",
    "apps.people.middleware.PageOwnerMiddleware",
    "apps.people.middleware.EndedSessionMiddleware",
    "apps.people.middleware.TypedAgainMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "sbk_portal.urls"
# The page that follows a row, where a room above that of its model draws it.
ABSOLUTE_URL_OVERRIDES = {
    "cards.cardrequest": lambda card_request: reverse(
        "progress:detail", args=[card_request.reference]
    ),
}
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
LOCALE_PATHS = [BASE_DIR / "locale"]  # our sentences for what the framework refuses
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
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "apps.common.upload_handlers.PatientUploadHandler",
]
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
CSRF_FAILURE_VIEW = "apps.account.views.page_expired"
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
