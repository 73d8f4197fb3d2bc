# Fills the Django that the environment names with users of every format and with tokens, and prints what there is.
import datetime
import json
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
import argon2
import django

django.setup()

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import get_hasher, make_password
from django.contrib.auth.models import Group
from django.utils import timezone
from rest_framework_simplejwt.tokens import RefreshToken

User = get_user_model()
FORMATS = ["pbkdf2_sha256", "pbkdf2_sha1", "argon2", "bcrypt_sha256", "bcrypt", "scrypt", "md5"]
if django.VERSION < (5, 1):
    FORMATS += ["sha1", "unsalted_sha1", "unsalted_md5"]
password = "correct horse {}".format
staff = Group.objects.create(name="Staff")
readers = Group.objects.create(name="Leser ä")
users, tokens = [], []


def add(name, format, **fields):
    user = User(username=name, email=fields.pop("email", f"{name}@example.com"), **fields)
    user.password = make_password(password(name), hasher=format)
    user.save()
    users.append({"id": str(user.pk), "username": name, "password": password(name), "active": user.is_active})
    return user


for number, format in enumerate(FORMATS):
    user = add(f"u_{format}", format, first_name="Ada", last_name="Löve", is_staff=number == 0)
    user.groups.add(readers)
old_argon = add("u_argon2i", "argon2")
hash = argon2.low_level.hash_secret(password("u_argon2i").encode(), b"a salt of old", 2, 512, 2, 16, argon2.Type.I)
User.objects.filter(pk=old_argon.pk).update(password="argon2" + hash.decode())
root = add("root", "pbkdf2_sha256", is_superuser=True, is_staff=True)
root.groups.add(staff, readers)
root.last_login = timezone.now() - datetime.timedelta(days=1, microseconds=17)
if hasattr(root, "options"):
    root.is_email_confirmed, root.is_subscribed, root.city = True, True, "Köln"
    root.born_on = datetime.date(1815, 12, 10)
    root.seen_at = datetime.datetime(2026, 1, 2, 3, 4, 5, 678900, datetime.timezone.utc)
    root.options = {"theme": "dark", "pages": [1, 2.5, None], "ä": {}}
root.save()
add("Bob", "md5")
add("bob", "md5", email="other-bob@example.com")
add("blank1", "md5", email="")
add("blank2", "md5", email="")
add("away", "md5", is_active=False)
gone = User(username="unusable", email="unusable@example.com")
gone.set_unusable_password()
gone.save()

for name in ["root", "Bob", "u_md5"]:
    user = User.objects.get(username=name)
    open_one, ended = RefreshToken.for_user(user), RefreshToken.for_user(user)
    ended.blacklist()
    tokens.append(
        {
            "username": name,
            "access": str(open_one.access_token),
            "refresh": str(open_one),
            "blacklisted": str(ended),
        }
    )
if apps.is_installed("allauth.account"):
    from allauth.account.models import EmailAddress

    EmailAddress.objects.create(user=root, email=root.email, verified=True, primary=True)
    EmailAddress.objects.create(user=root, email="second@example.com", verified=False, primary=False)
    # What allauth has as verified and primary is not always the user's own address.
    other = User.objects.get(username="u_bcrypt")
    EmailAddress.objects.create(user=other, email="elsewhere@example.com", verified=True, primary=True)
    EmailAddress.objects.create(user=other, email=other.email, verified=True, primary=False)
    blank = User.objects.get(username="blank1")
    EmailAddress.objects.create(user=blank, email="blank@example.com", verified=True, primary=True)
json.dump({"users": users, "tokens": tokens}, sys.stdout)
