"""Makes the vectors of django_versions.json with the installed Django, one object a line:

    python3.11 -m venv v && v/bin/pip install 'Django~=4.2.0' argon2-cffi 'bcrypt<5' passlib
    v/bin/python make_django_versions.py

The file has the output under Django 4.2 (with passlib's opinion), 5.2 and 6.0, as one JSON list.
"""

import json

import argon2
import django
from django.conf import settings

settings.configure(PASSWORD_HASHERS=[])

from django.contrib.auth import hashers  # noqa: E402

PASSWORDS = ["pw", "correct horse battery", "пароль-ß-🔑", " spaces ", "ab\0cd", "é" * 40, "x" * 64, "x" * 65, "x" * 200]


class FewRounds(hashers.PBKDF2PasswordHasher):
    iterations = 1


class FewRoundsSha1(hashers.PBKDF2SHA1PasswordHasher):
    iterations = 7


class LowArgon2(hashers.Argon2PasswordHasher):
    memory_cost, time_cost, parallelism, kind = 64, 1, 1, argon2.low_level.Type.ID

    def params(self):
        return argon2.Parameters(
            type=self.kind, version=argon2.low_level.ARGON2_VERSION, salt_len=16, hash_len=32,
            time_cost=self.time_cost, memory_cost=self.memory_cost, parallelism=self.parallelism,
        )


class Argon2I(LowArgon2):
    kind, time_cost = argon2.low_level.Type.I, 3


class Argon2D(LowArgon2):
    kind, memory_cost, parallelism = argon2.low_level.Type.D, 256, 4


class LowScrypt(hashers.ScryptPasswordHasher):
    work_factor, block_size, parallelism = 16, 2, 3


class LowBcryptSha256(hashers.BCryptSHA256PasswordHasher):
    rounds = 4


class LowBcrypt(hashers.BCryptPasswordHasher):
    rounds = 4


DEFAULTS = [
    hashers.PBKDF2PasswordHasher, hashers.PBKDF2SHA1PasswordHasher, hashers.Argon2PasswordHasher,
    hashers.ScryptPasswordHasher,
]
CHEAP = [
    FewRounds, FewRoundsSha1, LowArgon2, Argon2I, Argon2D, LowScrypt, LowBcryptSha256, LowBcrypt,
    hashers.MD5PasswordHasher,
] + [
    getattr(hashers, name)
    for name in ("SHA1PasswordHasher", "UnsaltedSHA1PasswordHasher", "UnsaltedMD5PasswordHasher")
    if hasattr(hashers, name)
]


def passlib_agrees(encoded, password):
    try:
        from passlib.hash import django_pbkdf2_sha1, django_pbkdf2_sha256, django_salted_md5, django_salted_sha1
    except ImportError:
        return None
    for scheme in (django_pbkdf2_sha256, django_pbkdf2_sha1, django_salted_md5, django_salted_sha1):
        if scheme.identify(encoded) and "\0" not in password and encoded.isascii():
            return scheme.verify(password, encoded)
    return None


def main():
    for kind in DEFAULTS + CHEAP:
        hasher = kind()
        for password in PASSWORDS if kind in CHEAP else PASSWORDS[2:3]:
            if kind is LowBcrypt and len(password.encode()) > 72:
                continue  # pyca/bcrypt 5 refuses what older ones truncate.
            salt = "" if hasher.algorithm.startswith("unsalted") else hasher.salt()
            if kind is FewRounds and password == "pw":
                salt = "sält und /."
            encoded = hasher.encode(password, salt)
            assert hasher.verify(password, encoded), encoded
            assert not hasher.verify(password + "x", encoded), encoded
            assert passlib_agrees(encoded, password) is not False, encoded
            row = {"django": django.__version__, "alg": hasher.algorithm, "password": password, "encoded": encoded}
            print(json.dumps(row, ensure_ascii=False))


main()
