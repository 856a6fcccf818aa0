"""All settings, from the environment.

Those of Django and its apps stand here. Those of signing in (sign_in.py), the portal's own rules
(rules.py) and the outside parties it talks to (parties.py) are taken in, so that `settings.NAME`
reads any of them.
"""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from apps.common.addresses import row_url
from sbk_portal import monitoring, rules
from sbk_portal.database import DATABASES as DATABASES
from sbk_portal.embedded import make_broker
from sbk_portal.environment import BASE_DIR, EMBEDDED, VAR_DIR, env, given
from sbk_portal.environment import DEMO as DEMO
from sbk_portal.monitoring import *
from sbk_portal.parties import *
from sbk_portal.rules import *
from sbk_portal.safety import refuse_unsafe
from sbk_portal.sign_in import *
from sbk_portal.sign_in import DEMO_SINGLE_SIGN_ON

DEBUG = env.bool("SBK_DEBUG", default=False)

# --- Addresses of the portal --------------------------------------------------------------------

PORTAL_URL = env.str("PORTAL_URL", default="http://127.0.0.1:8000").rstrip("/")
# Under which name the heads of the sealed book are signed: the host, without a scheme.
SEAL_ORIGIN = env.str("SEAL_ORIGIN", default=f"{urlsplit(PORTAL_URL).netloc}/seals")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
if DEMO_SINGLE_SIGN_ON == "cas":  # apps/demo/stand_in_cas.py
    CAS_SERVER_URL, CAS_NUMBER_ATTRIBUTE = f"{PORTAL_URL}/demo/cas/", "employeeNumber"
elif DEMO_SINGLE_SIGN_ON == "oidc":  # apps/demo/stand_in_oidc.py
    OIDC_ISSUER_URL, OIDC_CLIENT_ID = f"{PORTAL_URL}/demo/oidc", "demo"
    OIDC_NUMBER_CLAIM = "employee_number"
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
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "django_cas_ng",
    "apps.common",
    "apps.logs",
    "apps.encryption",
    "apps.unsent",
    "apps.sheets",
    "apps.backup",
    "apps.events",
    "apps.seals",
    "apps.lifecycle",
    "apps.lateness",
    "apps.regions",
    "apps.people",
    "apps.guardianships",
    "apps.sign_in",
    "apps.limits",
    "apps.staff_photos",
    "apps.roster",
    "apps.cards",
    "apps.requests",
    "apps.waiting",
    "apps.recall",
    "apps.reporting",
    "apps.bureau",
    "apps.verification",
    "apps.single_sign_on",
    "apps.delivery",
    "apps.inquiries",
    "apps.invitations",
    "apps.handout",
    "apps.handout_desk",
    "apps.payments",
    "apps.bills",
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
    "apps.my_data",
    "apps.desk",
    "apps.phrasebook",
    "apps.notices_desk",
    "apps.bureau_desk",
    "apps.risks",
    "apps.case_search",
    "apps.review",
    "apps.case_list",
    "apps.saved_lists",
    "apps.bulk",
    "apps.team",
    "apps.onboarding",
    "apps.photo_import",
    "apps.exports",
    "apps.rulebook",
    "apps.finance",
    "apps.audit",
    "apps.correction_desk",
    "apps.person_changes",
    "apps.backoffice",
    "apps.operations",
    "apps.demo",
]

MIDDLEWARE = [
    "apps.logs.middleware.RequestLogMiddleware",
    "apps.operations.middleware.MeasuringMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "sbk_portal.static_files.StaticFilesMiddleware",
    "apps.common.compression.CompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "apps.common.browser_permissions.BrowserPermissionsMiddleware",
    "apps.common.request_limits.RequestLimitsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "apps.common.working_days.CalendarMiddleware",
    "apps.common.htmx.CacheHeadersMiddleware",
    "apps.account.own_sessions.middleware.IdleMiddleware",
    "apps.people.middleware.PageOwnerMiddleware",
    "apps.people.middleware.EndedSessionMiddleware",
    "apps.people.middleware.TypedAgainMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "sbk_portal.urls"
# The page that follows a row, where a room above that of its model draws it.
ABSOLUTE_URL_OVERRIDES = {
    "cards.cardrequest": lambda card_request: row_url("progress:detail", card_request.reference),
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
                "apps.common.csrf_tokens.csrf",
                "apps.people.context.look",
                "apps.demo.context.demo",
            ],
            "builtins": [
                "apps.common.templatetags.addresses",
                "apps.common.templatetags.formats",
                "apps.common.templatetags.components",
                "apps.common.templatetags.frame",
                "apps.common.templatetags.structure",
                "apps.encryption.templatetags.public_keys",
                "apps.people.templatetags.people",
                "apps.unsent.templatetags.typed_again",
            ],
        },
    }
]

FORM_RENDERER = "apps.unsent.rendering.PortalRenderer"

if DATABASES["default"]["ENGINE"] not in {
    "django.db.backends.postgresql",
    *(["django.db.backends.sqlite3"] if EMBEDDED else []),
}:
    raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database: postgres://…")

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Cache, sessions, messages ------------------------------------------------------------------

REDIS_URL = env.str("REDIS_URL", default="")
# Hosts of the database and of Redis that are reached without TLS, over a network on which there is
# nothing but this portal, such as that of docker-compose.yml.
PRIVATE_HOSTS: list[str] = env.list("PRIVATE_HOSTS", default=[])
# It counts tries to sign in, which must go on when Redis does not, and over every web process.
# Made by `migrate`. More entries than an attacker can bring about: who has tried too often would be
# forgotten to make room.
CACHES = {
    "default": {
        "BACKEND": "apps.sign_in.cache.CountingCache",
        "LOCATION": "cache_entries",
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    }
}
SESSION_ENGINE = "apps.sign_in.session_store"
SESSION_COOKIE_AGE = int(rules.SESSION_LIFETIME.total_seconds())
SESSION_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

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
_static = VAR_DIR / "static" if EMBEDDED else BASE_DIR / "staticfiles"
STATIC_ROOT = Path(env.str("SBK_STATIC_DIR", default=str(_static)))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = not STATIC_IS_COLLECTED
if EMBEDDED:
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)
WHITENOISE_AUTOREFRESH = DEBUG
# Uploads are private: no URL leads to the folder, a view serves each file to those who may see it.
MEDIA_ROOT = VAR_DIR / "private"
STORAGES = {
    "default": {"BACKEND": "apps.encryption.sealed_storage.SealedStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_IS_COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "apps.unsent.upload_handlers.PatientUploadHandler",
]
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
# A picture that may be accepted stays in memory: the face of a check never touches the disk.
FILE_UPLOAD_MAX_MEMORY_SIZE = rules.PICTURE_MAX_BYTES + 1024 * 1024

# Backups: where they go, and the public key (PEM) that seals them (apps/backup).
BACKUP_DIR = env.str("BACKUP_DIR", default=str(VAR_DIR / "backups"))
BACKUP_KEY = given("BACKUP_KEY")

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
        "worker-src": [SELF],
        "manifest-src": [SELF],
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
    # Asked from inside, without the proxy; and by gateways, which a redirect would only deceive.
    SECURE_REDIRECT_EXEMPT = [r"^(healthz|livez|readyz|metrics)$", r"^payments/notify/"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds())
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    # A browser takes cookies of these names from this host over TLS only.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"

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
    "formatters": {"lines": {"()": "apps.logs.lines.formatter", "style": monitoring.LOG_FORMAT}},
    "filters": {"privacy": {"()": "apps.logs.privacy.RedactPersonalNumbers"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "lines",
            "filters": ["privacy"],
        }
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    # Periodic work every few seconds would bury everything else.
    "loggers": {
        # Celery writes CELERY_LOG_LEVEL into the environment of a worker itself, as a number.
        "celery": {"level": env.str("WORKER_LOG_LEVEL", default="WARNING")},
        # One line a request, for whoever runs a service; at one's own desk only what failed.
        "portal.requests": {"level": "WARNING" if EMBEDDED else "INFO"},
    },
}
# The worker logs through the handlers above, with their filter, instead of its own.
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

if not EMBEDDED:
    refuse_unsafe(globals())
