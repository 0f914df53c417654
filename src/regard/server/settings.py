"""The one settings file. Everything that an installation may change is read here, from its environment."""

from __future__ import annotations

import os
import secrets
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from regard.server import databases, environment
from regard.server.proxies import read_networks
from regard.webkit.boot import Installation


def _folder(given: str) -> Path:
    return Path(given).expanduser().absolute()


def _secret(folder: Path) -> bytes:
    """The data folder's secret. A process that only reads the code (a type checker, a test) gets one for itself."""
    try:
        return (folder / "secret").read_bytes().strip()
    except FileNotFoundError:
        return secrets.token_hex(32).encode()


DATA_DIR = environment.read(
    "REGARD_DATA_DIR", "regard-data", "the folder that holds everything of one installation", _folder
)
DATABASE_URL = environment.text(
    "REGARD_DATABASE_URL",
    "",
    "address of a PostgreSQL server, postgresql://user:password@host:port/name; empty: SQLite in the data folder",
)
PUBLIC_URL = environment.text(
    "REGARD_URL",
    "",
    "address under which people reach the server, such as https://cx.example.org; https turns secure cookies on",
)
REGARD = Installation(
    data_dir=DATA_DIR,
    warehouse_url=environment.text(
        "REGARD_WAREHOUSE_URL", "", "address of the warehouse's tables; empty: `warehouse` in the data folder"
    )
    or str(DATA_DIR / "warehouse"),
    database_url=DATABASE_URL,
    secret=_secret(DATA_DIR),
    memory_limit=environment.text(
        "REGARD_MEMORY", "2GB", "memory that one process may take to answer questions"
    ),
    threads=environment.whole_number(
        "REGARD_THREADS", os.cpu_count() or 2, "threads that one question may take", least=1
    ),
    max_waiting_segments=environment.whole_number(
        "REGARD_MAX_WAITING",
        20000,
        "segments that may wait for the projector before the tracking API answers 429",
        least=1,
    ),
    max_waiting_bytes=environment.whole_number(
        "REGARD_MAX_WAITING_MB",
        512,
        "megabytes that may wait for the projector before it answers 429",
        least=1,
    )
    * 1_000_000,
    public_url=PUBLIC_URL,
    proxies=environment.read(
        "REGARD_PROXIES",
        "",
        "addresses and networks of your proxies, separated by commas: their X-Forwarded-For says who asks",
        read_networks,
    ),
    keep_backups_days=environment.whole_number(
        "REGARD_KEEP_BACKUPS",
        35,
        "days for which you keep a backup: what is erased stands in older ones until then",
        least=1,
    ),
)
# Read where it is used: `regard metric` starts without the server's settings.
environment.text(
    "REGARD_SPARK",
    "local[*]",
    "where `regard metric --engine spark` runs: spark://host:7077, yarn, or all cores of this machine",
)

SECRET_KEY = sha256(b"django:" + REGARD.secret).hexdigest()
DEBUG = environment.switch(
    "REGARD_DEBUG", False, "show the details of errors in pages; never where others can reach"
)
ALLOWED_HOSTS = environment.names(
    "REGARD_HOSTS",
    "localhost,127.0.0.1,[::1]",
    "host names under which pages are answered, separated by commas",
)
if PUBLIC_URL:
    ALLOWED_HOSTS.append(urlsplit(PUBLIC_URL).hostname or "")

SLICES = (
    "regard.webkit",
    "regard.apps.journal",
    "regard.apps.organisation",
    "regard.apps.customers",
    "regard.apps.intake",
    "regard.apps.cases",
    "regard.apps.dashboards",
    "regard.apps.dashboards.explorer",
)

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    *SLICES,
]
AUTH_USER_MODEL = "organisation.Member"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "regard.server.headers.ContentPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "regard.server.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

DATABASES = {
    "default": databases.postgresql(DATABASE_URL)
    if DATABASE_URL
    else databases.sqlite(DATA_DIR / "regard.sqlite3")
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("el", "Ελληνικά"), ("hy", "Հայերեն"), ("pl", "Polski"), ("ru", "Русский")]

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]

IS_SECURE = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_SECURE = IS_SECURE
CSRF_COOKIE_SECURE = IS_SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL else []
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_SECURE else None
SECURE_HSTS_SECONDS = 31_536_000 if IS_SECURE else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "regard.server.logs.WithoutWords",
            "fmt": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"django.request": {"level": "ERROR"}},
    "root": {
        "handlers": ["stderr"],
        "level": environment.one_of(
            "REGARD_LOG_LEVEL", "WARNING", "how much is logged", allowed=("DEBUG", "INFO", "WARNING", "ERROR")
        ),
    },
}
