# Writes the users of this Django as JSON lines, for doorward:
#
#     doorward import django --script > doorward_export.py
#     python manage.py shell -v 0 < doorward_export.py > users.jsonl
#     doorward import django users.jsonl
#
# It only reads, through Django's own models, so it works with every database that Django has. The file has the hashes
# of the passwords in it: keep it as you keep a backup.
import json, sys
from datetime import datetime, timezone

import django
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils.timezone import now

WITH_KEY = False
out = sys.stdout


def plain(value):
    if value is None or isinstance(value, (bool, int, float, str, list, dict)):
        return value
    if isinstance(value, datetime) and value.tzinfo:
        text = value.astimezone(timezone.utc).isoformat(timespec="microseconds")
        return text[:26].rstrip("0").rstrip(".") + "Z"
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return str(value)


def write(kind, **values):
    out.write(json.dumps({"doorward": kind, **values}, default=str) + "\n")


def setting(name, default=None):
    value = getattr(settings, name, default)
    return {key: str(item) for key, item in value.items()} if isinstance(value, dict) else value


User = get_user_model()
jwt = {key: value for key, value in (setting("SIMPLE_JWT") or {}).items() if "KEY" not in key}
about = {
    "DJANGO": django.get_version(),
    "AUTH_USER_MODEL": settings.AUTH_USER_MODEL,
    "USERNAME_FIELD": User.USERNAME_FIELD,
    "EMAIL_FIELD": getattr(User, "EMAIL_FIELD", None),
    "PASSWORD_HASHERS": list(settings.PASSWORD_HASHERS),
    "SIMPLE_JWT": jwt,
    "USER_ID_FIELD": jwt.get("USER_ID_FIELD", "id"),
    "USER_ID_CLAIM": jwt.get("USER_ID_CLAIM", "user_id"),
    "INSTALLED_APPS": list(settings.INSTALLED_APPS),
}
if WITH_KEY:
    about["SIGNING_KEY"] = (getattr(settings, "SIMPLE_JWT", None) or {}).get("SIGNING_KEY") or settings.SECRET_KEY
write("settings", **about)

emails = apps.get_model("account", "EmailAddress") if apps.is_installed("allauth.account") else None
has_groups = any(field.name == "groups" for field in User._meta.many_to_many)
columns = [(field.attname, field) for field in User._meta.concrete_fields]
counts = {"users": 0, "tokens": 0}
last = None
while True:
    users = User._base_manager.order_by("pk")
    if last is not None:
        users = users.filter(pk__gt=last)
    page = list(users[:1000])
    if not page:
        break
    last = page[-1].pk
    keys = [user.pk for user in page]
    groups, addresses = {}, {}
    if has_groups:
        members = User._base_manager.filter(pk__in=keys, groups__isnull=False)
        for key, name in members.order_by("pk").values_list("pk", "groups__name"):
            groups.setdefault(key, []).append(name)
    if emails is not None:
        for one in emails.objects.filter(user_id__in=keys).order_by("pk"):
            addresses.setdefault(one.user_id, []).append(
                {"email": one.email, "verified": one.verified, "primary": one.primary}
            )
    for user in page:
        values = {name: plain(getattr(user, name)) for name, field in columns}
        if has_groups:
            values["groups"] = groups.get(user.pk, [])
        if emails is not None:
            values["emails"] = addresses.get(user.pk, [])
        write("user", **values)
        counts["users"] += 1

if apps.is_installed("rest_framework_simplejwt.token_blacklist"):
    from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken

    tokens = OutstandingToken.objects.filter(expires_at__gt=now()).order_by("pk")
    ended = set(BlacklistedToken.objects.filter(token__in=tokens).values_list("token_id", flat=True))
    for token in tokens.iterator(chunk_size=1000):
        write(
            "token", user=plain(token.user_id), token=token.token if token.user_id is None else None, jti=token.jti,
            created_at=plain(token.created_at), expires_at=plain(token.expires_at), blacklisted=token.pk in ended,
        )
        counts["tokens"] += 1
write("end", **counts)
