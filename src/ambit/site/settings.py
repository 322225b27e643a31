"""Django's settings, made from `config.py`."""

import sys
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.utils.csp import CSP

from ambit.site.config import Config
from ambit.site.logs import logging_settings

CONFIG = Config()
TESTING = "pytest" in sys.modules
HOME = CONFIG.home
DEMONSTRATION = CONFIG.deployment == "demonstration"
PLACE_NAME = CONFIG.place_name

SECRET_KEY = CONFIG.signing_key()
DEBUG = CONFIG.debug
ALLOWED_HOSTS = [host.strip() for host in CONFIG.allowed_hosts.split(",") if host.strip()]
ROOT_URLCONF = "ambit.site.urls"
LOGGING = logging_settings(CONFIG.log_level)
WSGI_APPLICATION = "ambit.site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "access.Account"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rules",
    "django_tasks_db",
    "ambit.design",
    "ambit.events",
    "ambit.packs",
    "ambit.audit",
    "ambit.organisations",
    "ambit.population",
    "ambit.people",
    "ambit.access",
    "ambit.register",
    "ambit.careplan",
    "ambit.casefinding",
    "ambit.outcomes",
    "ambit.coordination",
    "ambit.measures",
    "ambit.improvement",
    "ambit.caseload",
    "ambit.urgent",
    "ambit.mycare",
    "ambit.demonstration",
    "ambit.site",
]

MIDDLEWARE = [
    "ambit.site.middleware.log_requests",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "ambit.access.middleware.ReaderMiddleware",
    "ambit.site.navigation.SectionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "ambit.design.compiled.Templates",
        "NAME": "jinja2",
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "ambit.design.environment.environment",
            "context_processors": ["ambit.design.page.layout"],
        },
    },
    # allauth's mail texts and fallbacks are Django templates
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    },
]
FORM_RENDERER = "ambit.design.forms.Renderer"


def database(url: str) -> dict:
    """Django's description of the operational store: SQLite in the home folder unless `url` names PostgreSQL."""
    if not url:
        return {
            "ENGINE": "ambit.site.sqlite",
            "NAME": str(HOME / "ambit.sqlite3"),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL;"
                    f"PRAGMA synchronous={CONFIG.sqlite_synchronous};"
                    "PRAGMA mmap_size=134217728;PRAGMA cache_size=-20000;"
                ),
            },
            "CONN_MAX_AGE": None,
            # each process that runs tests has one of its own
            "TEST": {"NAME": ":memory:"},
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError(
            f"AMBIT_DATABASE_URL begins with “{parts.scheme}:”. Write postgresql://user:password@host:port/name."
        )
    return {
        "ENGINE": "ambit.site.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        # a socket's folder has no place in the address but `?host=`, as libpq reads it
        "HOST": parts.hostname or dict(parse_qsl(parts.query)).get("host", ""),
        "PORT": str(parts.port or ""),
        # a statement asked for the sixth time is kept ready by the server: to plan ours costs more than to run them
        # and what is asked for often is in memory, where a page costs the same wherever it lies
        "OPTIONS": {
            "server_side_binding": True,
            "prepare_threshold": 5,
            "options": "-c jit=off -c random_page_cost=1.1",
        },
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }


(HOME / "static").mkdir(parents=True, exist_ok=True)
DATABASES = {"default": database(CONFIG.database_url)}


def mailer(url: str) -> dict:
    """Where mail goes: to the server that `url` names (smtp or smtps), else into the log."""
    if not url:
        return {"BACKEND": "django.core.mail.backends.console.EmailBackend"}
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"}:
        raise ValueError(
            f"AMBIT_EMAIL_URL begins with “{parts.scheme}:”. Write smtp://user:password@host:port (STARTTLS) or smtps://…."
        )
    return {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": parts.hostname or "localhost",
            "port": parts.port or (465 if parts.scheme == "smtps" else 587),
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "use_ssl": parts.scheme == "smtps",
            "use_tls": parts.scheme == "smtp" and parts.hostname not in {"localhost", "127.0.0.1"},
        },
    }


MAILERS = {"default": mailer(CONFIG.email_url)}
DEFAULT_FROM_EMAIL = CONFIG.email_from
PUBLIC_ADDRESS = CONFIG.public_address.rstrip("/")

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "access_attempts",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

AUTHENTICATION_BACKENDS = ["ambit.access.sign_in.Backend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "ambit.access.sign_in.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_TEMPLATE_EXTENSION = "jinja"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
# five wrong passwords for one address lock it for a quarter of an hour; counted in the database, so for all processes
ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip,5/15m/key", "begin": "20/h/ip"}
ACCOUNT_FORMS = {
    "login": "ambit.access.pages.forms.SignInForm",
    "change_password": "ambit.access.pages.forms.NewPasswordForm",
    "reset_password": "ambit.access.pages.forms.ForgottenPasswordForm",
    "reset_password_from_key": "ambit.access.pages.forms.PasswordFromLinkForm",
}
MFA_FORMS = {"authenticate": "ambit.access.sign_in.CodeForm"}
MFA_TOTP_ISSUER = "Ambit"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not CONFIG.https
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]

SESSION_ENGINE = "ambit.access.sessions"
# the session is touched at most once a minute, so nobody is signed out before the idle time is over
SESSION_COOKIE_AGE = CONFIG.idle_minutes * 60 + 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = CONFIG.https
SECURE_HSTS_SECONDS = 31_536_000 if CONFIG.https else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if CONFIG.https else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Nothing is inline, so nothing needs a hash or a nonce: `static/design/start.js` starts the scripts.
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}

LANGUAGE_CODE = CONFIG.language
LANGUAGES = [("en", "English"), ("cy", "Cymraeg")]
LOCALE_PATHS = [Path(__file__).resolve().parents[1] / name / "locale" for name in ("design", "mycare")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = CONFIG.time_zone

STATIC_URL = "/static/"
STATIC_ROOT = str(HOME / "static")
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
MEDIA_ROOT = str(HOME / "uploads")
CSRF_FAILURE_VIEW = "ambit.design.pages.views.outdated_form"
