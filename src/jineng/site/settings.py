"""Settings of a Jineng installation; every knob that an operator turns is an environment variable.

``JINENG_VAR`` working data; ``DATABASE_URL`` a PostgreSQL server instead of the embedded one;
``JINENG_HOSTS`` host names served, comma separated; ``JINENG_TODAY`` a fixed business date (ISO);
``JINENG_URL`` the address that e-mails lead to; ``JINENG_MAIL_…`` the mail server (see ``jineng.site.mailing``);
``JINENG_HSM_…`` the token that signs (see ``jineng.site.hardware``); ``JINENG_SM2`` a second signature of seals.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pghistory
from csp.constants import NONCE, SELF

from jineng.kernel.secrets import secret, var_dir
from jineng.site.database import django_databases
from jineng.site.hardware import hardware
from jineng.site.mailing import TIMEOUT_SECONDS, mailing
from jineng.site.places import public_url, testing

ROOT = Path(__file__).resolve().parents[1]
VAR = var_dir()
COMPILED = VAR / "compiled"
SECRET_KEY = secret("django").hex()
DEBUG = os.environ.get("JINENG_DEBUG") == "1"
ALLOWED_HOSTS = [*os.environ.get("JINENG_HOSTS", "").split(","), "127.0.0.1", "localhost", "[::1]", "testserver"]
ALLOWED_HOSTS = [host for host in ALLOWED_HOSTS if host]

INSTALLED_APPS = [
    "jineng.kernel",
    "jineng.registry",
    "jineng.cases",
    "jineng.majors",
    "jineng.calls",
    "jineng.admissions",
    "jineng.learning",
    "jineng.credentials",
    "jineng.partnerships",
    "jineng.facilities",
    "jineng.workforce",
    "jineng.governance",
    "jineng.briefs",
    "jineng.reference",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "django_cotton",
    "django_tables2",
    "django_filters",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
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
    "allauth.account.middleware.AccountMiddleware",
    "jineng.registry.web.middleware.ActorMiddleware",
]

ROOT_URLCONF = "jineng.site.urls"
WSGI_APPLICATION = "jineng.site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "site" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "jineng.kernel.web.shell.shell",
            ],
        },
    }
]
COTTON_DIR = "cotton"
FORM_RENDERER = "jineng.kernel.web.rendering.QuickRenderer"

DATABASES = django_databases()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "kernel.Account"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "jineng.registry.web.sign_in.ClosedSignUp"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = os.environ.get("JINENG_HTTPS") == "1"
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": [SELF],
    }
}

LANGUAGE_CODE = "zh-hans"
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = None
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": VAR / "files"}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
FILE_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
FILE_UPLOAD_TEMP_DIR = None

PGHISTORY_CREATED_AT_FUNCTION = "clock_timestamp()"
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)
DJANGO_TABLES2_TEMPLATE = "kernel/table.html"
JOBS_INLINE = testing()
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_WORKER_DEFAULTS: dict[str, Any] = {
    "concurrency": 2,
    "delete_jobs": "successful",
    "update_heartbeat_interval": 5.0,
    "stalled_worker_timeout": 20.0,
}
SITE_URL = public_url()
HSM = hardware(os.environ)
SECOND_SIGNATURE = os.environ.get("JINENG_SM2") == "1"
_mail = mailing(os.environ)
EMAIL_BACKEND = _mail.backend
EMAIL_HOST, EMAIL_PORT = _mail.host, _mail.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.user, _mail.password
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.starttls, _mail.tls
EMAIL_TIMEOUT = TIMEOUT_SECONDS
MAIL_FROM, MAIL_DOMAIN = _mail.sender, _mail.domain
DEFAULT_FROM_EMAIL = MAIL_FROM
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": os.environ.get("JINENG_LOG", "WARNING")},
}
