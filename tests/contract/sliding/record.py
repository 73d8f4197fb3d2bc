"""Records what Simple JWT answers about sliding tokens into cases.json, which tests/it/api/sliding.rs replays.

    pip install Django==4.2.3 djangorestframework==3.14.0 djangorestframework-simplejwt==5.2.2 PyJWT==2.7.0 setuptools
    python record.py [FILE]
"""

import json
import sys
import time
import types
from datetime import timedelta
from pathlib import Path

import django
import jwt
from django.conf import settings
from django.core.management import call_command
from django.urls import path

KEY = "the-signing-key-of-the-sliding-cases-0123456789"
MINUTE, DAY = 60, 86400

settings.configure(
    SECRET_KEY="of-the-reference", ALLOWED_HOSTS=["*"], ROOT_URLCONF="urls", USE_TZ=True,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "rest_framework",
                    "rest_framework_simplejwt", "rest_framework_simplejwt.token_blacklist"],
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework_simplejwt.authentication.JWTAuthentication"],
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    },
    SIMPLE_JWT={
        "SIGNING_KEY": KEY,
        "AUTH_TOKEN_CLASSES": ("rest_framework_simplejwt.tokens.AccessToken",
                               "rest_framework_simplejwt.tokens.SlidingToken"),
        "SLIDING_TOKEN_LIFETIME": timedelta(minutes=5),
        "SLIDING_TOKEN_REFRESH_LIFETIME": timedelta(days=1),
    },
)
django.setup()

from django.contrib.auth.models import User
from django.test import Client
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework_simplejwt import views


@api_view()
@permission_classes([IsAuthenticated])
def user(request):
    return Response({"username": request.user.username})


urls = types.ModuleType("urls")
urls.urlpatterns = [
    path("api/token/", views.token_obtain_pair),
    path("api/token/refresh/", views.token_refresh),
    path("api/token/verify/", views.token_verify),
    path("api/token/sliding/", views.token_obtain_sliding),
    path("api/token/sliding/refresh/", views.token_refresh_sliding),
    path("api/user/", user),
]
sys.modules["urls"] = urls
call_command("migrate", verbosity=0)
users = {
    "alice": User.objects.create_user("alice", "alice@example.com", "correct-horse-7"),
    "carol": User.objects.create_user("carol", "carol@example.com", "inactive-but-right-9", is_active=False),
}

OBTAIN, REFRESH, USER = "/api/token/sliding/", "/api/token/sliding/refresh/", "/api/user/"
SLIDING = {"token_type": "sliding", "exp": MINUTE, "iat": -MINUTE, "refresh_exp": DAY, "user": "alice"}


def sliding(**changes):
    """The claims of a token, times from now; None leaves a claim out."""
    return {name: value for name, value in {**SLIDING, **changes}.items() if value is not None}


def recipes():
    """Name, method, path, body, and the token of the body's field `token` or of the header."""
    right = {"username": "alice", "password": "correct-horse-7"}
    for name, body in {
        "right": right, "wrong": {**right, "password": "wrong"}, "unknown": {**right, "username": "nobody"},
        "inactive": {"username": "carol", "password": "inactive-but-right-9"}, "empty": {},
        "blank": {"username": "", "password": " "}, "null": {"username": None, "password": None},
        "list": [], "number": {"username": 7, "password": True},
    }.items():
        yield f"obtain/{name}", "POST", OBTAIN, body, None
    for method in ("GET", "PUT", "OPTIONS"):
        yield f"obtain/{method}", method, OBTAIN, None, None
        yield f"refresh/{method}", method, REFRESH, None, None
    for name, body in {
        "empty": {}, "blank": {"token": ""}, "null": {"token": None}, "list": [], "garbage": {"token": "x"},
        "number": {"token": 7},
    }.items():
        yield f"refresh/{name}", "POST", REFRESH, body, None
    tokens = {
        "valid": sliding(), "more-claims": sliding(role="x"), "expired": sliding(exp=-MINUTE),
        "refresh-expired": sliding(refresh_exp=-MINUTE), "no-refresh-exp": sliding(refresh_exp=None),
        "other-key": sliding(key="other"), "access": sliding(token_type="access"),
        "refresh": sliding(token_type="refresh"), "no-type": sliding(token_type=None), "no-exp": sliding(exp=None),
        "no-jti": sliding(jti=None), "no-user": sliding(user=None), "unknown-user": sliding(user="nobody"),
        "inactive-user": sliding(user="carol"), "no-iat": sliding(iat=None),
    }
    for name, claims in tokens.items():
        yield f"refresh/{name}", "POST", REFRESH, {}, claims
        yield f"user/{name}", "GET", USER, None, claims
        yield f"verify/{name}", "POST", "/api/token/verify/", {}, claims


def made(recipe, name):
    claims = dict(recipe)
    if "no-jti" not in name:
        claims["jti"] = f"{abs(hash(name)):032x}"[:32]
    now = int(time.time())
    key = KEY + "!" if claims.pop("key", None) else KEY
    who = claims.pop("user", None)
    if who:
        claims["user_id"] = users[who].id if who in users else 999999
    for time_claim in ("exp", "iat", "refresh_exp"):
        if time_claim in claims:
            claims[time_claim] += now
    return jwt.encode(claims, key, "HS256")


def described(value):
    """An answer with what its tokens say in the place of them, times from now."""
    if isinstance(value, dict):
        return {name: described(one) for name, one in value.items()}
    if isinstance(value, str) and value.count(".") == 2 and value.startswith("ey"):
        claims = jwt.decode(value, KEY, ["HS256"])
        ids = {str(one.id): name for name, one in users.items()}
        now = time.time()
        claims["jti"] = len(claims["jti"])
        if "user_id" in claims:
            claims["user_id"] = ids.get(str(claims["user_id"]), "nobody")
        times = {name: round((claims[name] - now) / MINUTE) for name in ("exp", "iat", "refresh_exp") if name in claims}
        return {"$token": {**claims, **times}}
    return value


cases = []
client = Client(raise_request_exception=False)
for name, method, where, body, recipe in recipes():
    headers, sent = {}, body
    if recipe is not None:
        token = made(recipe, name)
        if body is None:
            headers["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        else:
            sent = {**body, "token": token}
    data = "" if sent is None else json.dumps(sent)
    answer = client.generic(method, where, data, "application/json", **headers)
    if answer.status_code == 500:
        # A token without `jti`, which the blacklist reads before it is looked for.
        continue
    case = {"name": name, "method": method, "path": where, "body": body, "token": recipe, "status": answer.status_code,
            "allow": answer.headers["Allow"], "answer": described(answer.json())}
    cases.append({key: value for key, value in case.items() if value is not None})
file = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("cases.json")
file.write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
print(f"{len(cases)} cases")
