"""One settings file, read from the environment; every variable is listed in docs/operations.md."""

import os
from pathlib import Path

from csp.constants import NONE, SELF
from environs import Env

from nmdtracker import embedded

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()

HOSTS = env.list("NMD_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
LOOPBACK_ONLY = set(HOSTS) <= {"127.0.0.1", "localhost", "[::1]", "testserver"}
SECRET_KEY = env.str("NMD_SECRET_KEY", default="") or embedded.secret_key()
DEBUG = False
ALLOWED_HOSTS = HOSTS
CSRF_TRUSTED_ORIGINS = env.list("NMD_ORIGINS", default=[])
BASE_URL = env.str("NMD_BASE_URL", default=f"http://127.0.0.1:{env.int('NMD_PORT', default=8000)}")

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "oauth2_provider",
    "pgtrigger",
    "pghistory",
    "accounts",
    "audit",
    "patients",
    "workflows",
    "results",
    "interop",
    "nmdtracker",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "nmdtracker.middleware.NoStore",
    "interop.fhir.bearer.BearerToken",  # says who asks before the clinics are known
    "nmdtracker.middleware.ClinicScope",  # the transaction that row-level security needs
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "nmdtracker.urls"
WSGI_APPLICATION = "nmdtracker.wsgi.application"
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
                "nmdtracker.context.shell",
            ],
        },
    }
]

# a session costs PostgreSQL more than a page does: kept, and tested before it is used again
KEPT = {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
DATABASES = {"default": embedded.database() | KEPT}
# what accounts/planned.py asks is planned once a session, for all values: its ranges are the same
_options = DATABASES["default"].setdefault("OPTIONS", {})
_options["prepare_threshold"] = 0
_options["options"] = f"{_options.get('options', '')} -c plan_cache_mode=force_generic_plan".strip()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PGHISTORY_APPEND_ONLY = True
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")  # who only reads changes no row

# people
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.who.Backend"]
PASSWORD_HASHERS = ["accounts.hashers.Argon2"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "accounts.adapters.NoSignup"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an admin makes the account and knows the address
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login_failed": "10/15m/key,50/15m/ip", "token": "60/m/ip"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_AGE = 12 * 60 * 60

# machines: client credentials and nothing else
OAUTH2_PROVIDER = {
    "OAUTH2_SERVER_CLASS": "oauthlib.oauth2.BackendApplicationServer",
    "SCOPES": {"system/Task.rs": "Read and search outstanding work"},
    "ACCESS_TOKEN_EXPIRE_SECONDS": 15 * 60,
    # RFC 9700: no token in an address, kept as a checksum; the rest is of grants that are not here
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
}
SILENCED_SYSTEM_CHECKS = [f"oauth2_provider.W{number:03}" for number in (1, 2, 3, 5, 7, 8)]

# the wire: what is not loopback is TLS
SECURE_SSL_REDIRECT = not LOOPBACK_ONLY
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 0 if LOOPBACK_ONLY else env.int("NMD_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not LOOPBACK_ONLY
SESSION_COOKIE_NAME = "nmd_session" if LOOPBACK_ONLY else "__Host-nmd_session"
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [SELF],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# files about patients: no address leads here but the view that asks the access rule
MEDIA_ROOT = env.path("NMD_MEDIA_DIR", default=None) or embedded.var_dir() / "files"
NMD_ATTACHMENT_MB = env.int("NMD_ATTACHMENT_MB", default=25)
FILE_UPLOAD_HANDLERS = ["results.attachments.upload.Limited"]
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700

# words, days, hours
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = False
USE_TZ = True
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

# files that the browser gets
STATIC_URL = "/static/"
STATIC_ROOT = embedded.var_dir() / "static"
NODE_MODULES = BASE_DIR / "node_modules"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("vendor/bootstrap", NODE_MODULES / "bootstrap/dist"),
    ("vendor/bootstrap-icons", NODE_MODULES / "bootstrap-icons/font"),
    ("vendor/inter", NODE_MODULES / "@fontsource-variable/inter"),
    ("vendor/echarts", NODE_MODULES / "echarts/dist"),
]
STATICFILES_FINDERS = [
    "nmdtracker.finders.UsedFiles",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# mail and the background
_mail = env.dj_email_url("EMAIL_URL", default=embedded.email_url())
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"], _mail["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"], _mail["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail["EMAIL_USE_TLS"], _mail["EMAIL_USE_SSL"]
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("NMD_MAIL_FROM", default="nmdtracker@localhost")
NMD_REMINDER_LEASE_SECONDS = env.int("NMD_REMINDER_LEASE_SECONDS", default=120)
# pauses before a message is tried again; the last one repeats
NMD_REMINDER_BACK_OFF_SECONDS = env.list(
    "NMD_REMINDER_BACK_OFF_SECONDS", subcast=float, default=[60, 300, 900, 3600, 14400]
)
# the local sink wakes nobody: what it takes is to be seen at /outbox/ at any hour
NMD_REMINDER_QUIET_HOURS = env.bool("NMD_REMINDER_QUIET_HOURS", default="EMAIL_URL" in os.environ)
# what messages may also go through: the names that begin an address of Apprise
NMD_SERVICES = env.list(
    "NMD_SERVICES",
    default=[
        "slack",
        "workflows",
        "gchat",
        "tgram",
        "pover",
        "twilio",
        "vonage",
        "sinch",
        "msgbird",
        "clicksend",
    ],
)
# how long what was typed and not saved waits for its author
NMD_DRAFT_DAYS = env.int("NMD_DRAFT_DAYS", default=14)
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": embedded.redis_url(),
    }
}
CELERY_BROKER_URL = embedded.broker_url()
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_timeout": 10,
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = False  # the row's lease retries; True loops on a poison task
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SOFT_TIME_LIMIT = 50
CELERY_TASK_TIME_LIMIT = 60  # stays below the visibility timeout
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"no_patient_data": {"()": "nmdtracker.logs.NoPatientData"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["no_patient_data"],
        }
    },
    "root": {"handlers": ["console"], "level": env.str("NMD_LOG_LEVEL", default="WARNING")},
}
