# Compares the Django that the environment names with the one that seed.py described: every password, and every column
# that nothing touched. `check.py dump` prints the columns, `check.py passwords FILE` checks the passwords.
import json
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
import django

django.setup()

from django.contrib.auth import get_user_model

User = get_user_model()
if sys.argv[1] == "dump":
    rows = []
    for user in User._base_manager.order_by("pk"):
        row = {field.attname: str(getattr(user, field.attname)) for field in User._meta.concrete_fields}
        row["groups"] = sorted(user.groups.values_list("name", flat=True))
        rows.append(row)
    json.dump(rows, sys.stdout, indent=1, ensure_ascii=False, sort_keys=True)
else:
    seeded = json.load(open(sys.argv[2]))["users"]
    wrong = [one["username"] for one in seeded if not User.objects.get(username=one["username"]).check_password(one["password"])]
    assert not wrong, f"check_password is false for {wrong}"
    print(f"check_password is true for {len(seeded)} users")
