"""The floor: Django with what no page of patients can do without, and nothing of the product."""

from pathlib import Path

from nmdtracker import settings as product
from nmdtracker.settings import (  # noqa: F401
    AUTH_USER_MODEL,
    AUTHENTICATION_BACKENDS,
    DEFAULT_AUTO_FIELD,
    LOGIN_URL,
    PASSWORD_HASHERS,
    SECRET_KEY,
    SESSION_COOKIE_NAME,
    TIME_ZONE,
    USE_I18N,
    USE_TZ,
)

ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = product.INSTALLED_APPS
ROOT_URLCONF = "bench.floor"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",  # its backend, which the session names, asks
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
# one connection that stays, and its one clinic in sight: no transaction, no scope to set; and no
# sorting, as row security makes PostgreSQL sort a whole site where an index has its steps in order
DATABASES = {
    "default": product.DATABASES["default"]
    | {"CONN_MAX_AGE": None, "OPTIONS": {"options": "-c nmd.clinics=1 -c enable_sort=off"}}
}
