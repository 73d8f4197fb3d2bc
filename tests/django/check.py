# Compares the Django that the environment names with the one that seed.py described: every password, and every column
# that nothing touched.
#
#   check.py dump            prints the columns
#   check.py tokens          prints how many refresh tokens are outstanding and blacklisted
#   check.py passwords FILE  checks the passwords
#   check.py logins FILE     logs the users in, which must leave no hash of doorward_hasher.py
import json
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
import django

django.setup()

from django.contrib.auth import authenticate, get_user_model

User = get_user_model()


def plain(value):
    """JSON with its keys in order: their order means nothing."""
    return json.dumps(value, sort_keys=True) if isinstance(value, dict) else str(value)


if sys.argv[1] == "dump":
    rows = []
    for user in User._base_manager.order_by("pk"):
        row = {field.attname: plain(getattr(user, field.attname)) for field in User._meta.concrete_fields}
        row["groups"] = sorted(user.groups.values_list("name", flat=True))
        rows.append(row)
    json.dump(rows, sys.stdout, indent=1, ensure_ascii=False, sort_keys=True)
elif sys.argv[1] == "tokens":
    from rest_framework_simplejwt.token_blacklist.models import OutstandingToken

    ended = OutstandingToken.objects.filter(blacklistedtoken__isnull=False).count()
    json.dump({"sessions": OutstandingToken.objects.count() - ended, "ended_sessions": ended}, sys.stdout)
elif sys.argv[1] == "logins":
    wrapped = 0
    for one in json.load(open(sys.argv[2]))["users"]:
        before = User.objects.get(username=one["username"])
        if not before.is_active or not before.password.startswith("doorward_wrap$"):
            continue
        wrapped += 1
        assert authenticate(username=one["username"], password="wrong") is None, one["username"]
        assert authenticate(username=one["username"], password=one["password"]) == before, one["username"]
        after = User.objects.get(pk=before.pk)
        assert after.password.startswith("pbkdf2_sha256$"), f"{one['username']} is not hashed anew"
        assert after.check_password(one["password"]), one["username"]
    assert wrapped, "no hash was wrapped"
    print(f"{wrapped} wrapped hashes log in, and are replaced")
else:
    seeded = json.load(open(sys.argv[2]))["users"]
    wrong = [one["username"] for one in seeded if not User.objects.get(username=one["username"]).check_password(one["password"])]
    assert not wrong, f"check_password is false for {wrong}"
    print(f"check_password is true for {len(seeded)} users")
