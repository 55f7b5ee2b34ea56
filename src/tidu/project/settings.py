"""Settings: a county needs none of the environment variables named here.

``TIDU_HOME`` folder of data · ``DATABASE_URL`` PostgreSQL · ``TIDU_HOSTS`` host names,
comma-separated · ``TIDU_HTTPS=1`` behind TLS · ``TIDU_DEBUG=1`` for developers ·
``TIDU_REQUIRE_SECOND_FACTOR=1`` for people of authorities · ``TIDU_CERTIFIES`` schemes
it decides on, comma-separated · ``TIDU_UNOPENED_DAYS`` until administrators are told ·
``TIDU_AUTHORITY`` who signs certificates · ``TIDU_ADDRESS`` https://… where they are
checked · ``TIDU_OIDC_*`` sign-in by another system (docs/how-to/run-a-site.md).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONCE, NONE, SELF

from tidu.project.home import home, secret_key

SOURCE = Path(__file__).resolve().parent.parent
HOME = home()


def _flag(name: str) -> bool:
    return os.environ.get(name, "") not in {"", "0", "false", "no"}


def _origin(address: str) -> str:
    """https://sign-in.example/path → https://sign-in.example"""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


DEBUG = _flag("TIDU_DEBUG")
SECRET_KEY = secret_key()
ALLOWED_HOSTS = os.environ.get("TIDU_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
SITE_NAME = os.environ.get("TIDU_SITE_NAME", "梯度")
DEMONSTRATION = _flag("TIDU_DEMONSTRATION")  # every page says that all is fictional
# Schemes on which this installation decides; of others it only recommends.
CERTIFIES = frozenset(filter(None, os.environ.get("TIDU_CERTIFIES", "").split(",")))
# Working days after which an office's administrators are told of a case that nobody has
# opened; a habit of the house, no legal period. 0: never.
UNOPENED_DAYS = int(os.environ.get("TIDU_UNOPENED_DAYS") or 5)
# Who signs certificates, and where they are checked; both are printed on them.
SITE_AUTHORITY = os.environ.get("TIDU_AUTHORITY", SITE_NAME)
SITE_ADDRESS = os.environ.get("TIDU_ADDRESS", "")

INSTALLED_APPS = [
    "tidu.web",  # first: its templates replace those of the libraries
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "csp",
    "django_htmx",
    "huey.contrib.djhuey",
    "ninja",  # the page that tries the API, without another host
    "tidu.audit",
    "tidu.accounts",
    "tidu.registry",
    "tidu.eligibility",
    "tidu.casework",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tidu.web.compression.TextCompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tidu.web.middleware.ActorMiddleware",
    "tidu.web.middleware.DutyMiddleware",
    "tidu.web.access.AccessMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "tidu.project.urls"
WSGI_APPLICATION = "tidu.project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "tidu.web.context.site",
            ],
            "builtins": ["django_htmx.templatetags.django_htmx"],
        },
    }
]

# -- data ----------------------------------------------------------------------

_SQLITE = {
    "transaction_mode": "IMMEDIATE",  # a writer waits at its start, never midway
    "timeout": 30,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
        "PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;"
    ),
}


def _database() -> dict[str, Any]:
    if url := os.environ.get("DATABASE_URL"):
        # A connection is kept for a minute, and checked before it is used again.
        return dict(
            dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True)
        )
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": HOME / "tidu.sqlite3",
        "OPTIONS": _SQLITE,
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
EVIDENCE_FOLDER = HOME / "evidence"  # outside of anything a web server hands out
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
ACCESS_KEPT_DAYS = int(os.environ.get("TIDU_ACCESS_KEPT_DAYS") or 730)
UPLOAD_LIMIT = 100 * 1024 * 1024  # bytes of one file
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

HUEY: dict[str, Any] = {
    "name": "tidu",
    "immediate": False,
    "consumer": {"workers": 1, "worker_type": "thread", "periodic": True},
}
if os.environ.get("DATABASE_URL"):
    HUEY |= {
        "huey_class": "huey.PostgresHuey",
        "connection": {"dsn": os.environ["DATABASE_URL"]},
    }
else:
    HUEY |= {
        "huey_class": "huey.SqliteHuey",
        "filename": str(HOME / "queue.sqlite3"),
    }

# -- who signs in ----------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": 10}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "tidu.web.sign_in.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "tidu.web.sign_in.SocialAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # a closed network has no mail
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_FORMS = {
    "login": "tidu.web.sign_in.LoginForm",
    "change_password": "tidu.web.account.library_forms.ChangePasswordForm",
    "reauthenticate": "tidu.web.account.library_forms.ReauthenticateForm",
}
ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip"}  # one name's tries: axes, below
REQUIRE_SECOND_FACTOR = _flag("TIDU_REQUIRE_SECOND_FACTOR")
MFA_ADAPTER = "tidu.web.sign_in.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "tidu.web.account.library_forms.SecondFactorForm",
    "reauthenticate": "tidu.web.account.library_forms.SecondFactorAgainForm",
    "activate_totp": "tidu.web.account.library_forms.ActivateSecondFactorForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = SITE_NAME
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "tidu.web.sign_in.name_tried"
AXES_LOCKOUT_CALLABLE = "tidu.web.sign_in.locked_out"
AXES_RESET_ON_SUCCESS = True
SOCIALACCOUNT_REAUTHENTICATION_REQUIRED = True  # an open screen binds nothing
OIDC_SERVER = os.environ.get("TIDU_OIDC_SERVER", "")
if OIDC_SERVER:
    SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "oidc",
                    "name": os.environ.get("TIDU_OIDC_NAME", "统一身份认证"),
                    "client_id": os.environ["TIDU_OIDC_CLIENT"],
                    "secret": os.environ["TIDU_OIDC_SECRET"],
                    "settings": {"server_url": OIDC_SERVER},
                }
            ],
        }
    }

# -- language and time ---------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [SOURCE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# -- what a browser may do ----------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": EVIDENCE_FOLDER},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if not DEBUG
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        # A form that leads to the other sign-in system is followed there.
        "form-action": [SELF, *filter(None, [_origin(OIDC_SERVER)])],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "tidu.web.refusals.stale_form"
if _flag("TIDU_HTTPS"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 365 * 24 * 3600

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
