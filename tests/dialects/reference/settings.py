"""The settings of the reference servers. `REFERENCE` names the package and the variant:

djoser                  as djoser comes, with the pages of the links and a mail for a new username
djoser-activation       with SEND_ACTIVATION_EMAIL
dj-rest-auth            with JWT, its cookies and the refresh token in the body; no email is verified
dj-rest-auth-mandatory  where a new account has to verify its email first
"""

import os
from datetime import timedelta
from importlib.util import find_spec

REFERENCE = os.environ["REFERENCE"]

SECRET_KEY = "a-signing-key-of-the-tests-0123456789-abcdef"
DEBUG = False
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "urls"
STATIC_URL = "/static/"
USE_TZ = True
LOGGING = {"version": 1, "handlers": {"stderr": {"class": "logging.StreamHandler"}}, "loggers": {"django.request": {"handlers": ["stderr"], "level": "ERROR"}}}
AUTH_USER_MODEL = "people.User"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
MIGRATION_MODULES = {"people": None}
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["REFERENCE_DB"]}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.sites",
    "people",
    "rest_framework",
    "rest_framework.authtoken",
    "rest_framework_simplejwt",
]
SITE_ID = 1
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
TEMPLATES = [{
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "APP_DIRS": True,
    "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
}]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework_simplejwt.authentication.JWTAuthentication"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SIMPLE_JWT = {"ACCESS_TOKEN_LIFETIME": timedelta(days=1), "REFRESH_TOKEN_LIFETIME": timedelta(days=10)}

if REFERENCE.startswith("djoser"):
    INSTALLED_APPS.append("djoser")
    DJOSER = {
        "PASSWORD_RESET_CONFIRM_URL": "password/reset/confirm/{uid}/{token}",
        "USERNAME_RESET_CONFIRM_URL": "username/reset/confirm/{uid}/{token}",
        "ACTIVATION_URL": "activate/{uid}/{token}",
        "SEND_ACTIVATION_EMAIL": REFERENCE == "djoser-activation",
    }
else:
    INSTALLED_APPS += [
        "allauth",
        "allauth.account",
        "allauth.socialaccount",
        "dj_rest_auth",
        "dj_rest_auth.registration",
        "rest_framework_simplejwt.token_blacklist",
    ]
    # Since allauth 0.56.
    if find_spec("allauth.account.middleware"):
        MIDDLEWARE.append("allauth.account.middleware.AccountMiddleware")
    AUTHENTICATION_BACKENDS = [
        "django.contrib.auth.backends.ModelBackend",
        "allauth.account.auth_backends.AuthenticationBackend",
    ]
    REST_FRAMEWORK["DEFAULT_AUTHENTICATION_CLASSES"] = ["dj_rest_auth.jwt_auth.JWTCookieAuthentication"]
    REST_AUTH = {
        "USE_JWT": True,
        "JWT_AUTH_COOKIE": "access_token",
        "JWT_AUTH_REFRESH_COOKIE": "refresh_token",
        "JWT_AUTH_HTTPONLY": False,
        "OLD_PASSWORD_FIELD_ENABLED": True,
        "SESSION_LOGIN": False,
    }
    ACCOUNT_EMAIL_VERIFICATION = "mandatory" if REFERENCE.endswith("mandatory") else "none"
    ACCOUNT_EMAIL_REQUIRED = True
    ACCOUNT_RATE_LIMITS = {}
    ACCOUNT_PREVENT_ENUMERATION = False
    ACCOUNT_AUTHENTICATION_METHOD = "username_email"
    ACCOUNT_CONFIRM_EMAIL_ON_GET = False
