# The settings of the Djangos that scripts/move-in makes: which user model and which database, the environment says.
import datetime
import os

import django

SECRET_KEY = os.environ.get("DJANGO_KEY", "a-key-of-a-test-that-is-long-enough-for-hs256-0123456789")
DEBUG = True
ALLOWED_HOSTS = ["*"]
USE_TZ = True
ROOT_URLCONF = "urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CUSTOM = os.environ.get("DJANGO_USER") == "custom"
AUTH_USER_MODEL = "people.Person" if CUSTOM else "auth.User"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "rest_framework",
    "rest_framework_simplejwt.token_blacklist",
]
if CUSTOM:
    INSTALLED_APPS += ["people"]
MIDDLEWARE = []
if os.environ.get("DJANGO_ALLAUTH"):
    INSTALLED_APPS += ["django.contrib.sessions", "django.contrib.messages", "allauth", "allauth.account"]
    MIDDLEWARE += [
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "allauth.account.middleware.AccountMiddleware",
    ]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
name = os.environ["DJANGO_DATABASE"]
if name.startswith("sqlite:"):
    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": name.removeprefix("sqlite:")}}
else:
    from urllib.parse import unquote, urlsplit

    url = urlsplit(name)
    if url.scheme == "mysql":
        import pymysql

        # PyMySQL stands in for mysqlclient, which needs a C compiler; Django asks for its version.
        pymysql.version_info = (2, 2, 8, "final", 0)
        pymysql.install_as_MySQLdb()
    ENGINES = {"postgres": "postgresql", "mysql": "mysql"}
    DATABASES = {
        "default": {
            "ENGINE": f"django.db.backends.{ENGINES[url.scheme]}",
            "NAME": url.path.strip("/"),
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": url.hostname or "",
            "PORT": url.port or "",
        }
    }
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2SHA1PasswordHasher",
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.BCryptSHA256PasswordHasher",
    "django.contrib.auth.hashers.BCryptPasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.MD5PasswordHasher",
]
if django.VERSION < (5, 1):
    PASSWORD_HASHERS += [
        "django.contrib.auth.hashers.SHA1PasswordHasher",
        "django.contrib.auth.hashers.UnsaltedSHA1PasswordHasher",
        "django.contrib.auth.hashers.UnsaltedMD5PasswordHasher",
    ]
if os.environ.get("DJANGO_HASHER"):
    PASSWORD_HASHERS += ["doorward_hasher.DoorwardWrapHasher"]
SIMPLE_JWT = {
    "ROTATE_REFRESH_TOKENS": True,
    "BLACKLIST_AFTER_ROTATION": True,
    # The tokens are used until the end of the test.
    "ACCESS_TOKEN_LIFETIME": datetime.timedelta(hours=1),
}
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["cookie.CookieAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
}
