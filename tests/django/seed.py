# Fills the Django that the environment names with users of every format and with tokens, and prints what there is.
import datetime
import json
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
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
root = add("root", "pbkdf2_sha256", is_superuser=True, is_staff=True)
root.groups.add(staff, readers)
root.last_login = timezone.now() - datetime.timedelta(days=1, microseconds=17)
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
json.dump({"users": users, "tokens": tokens}, sys.stdout)
