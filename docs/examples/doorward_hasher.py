# For a Django that takes users back whose weak hashes doorward had wrapped (`doorward import django … --wrap-weak`):
# put "doorward_hasher.DoorwardWrapHasher" at the end of PASSWORD_HASHERS. Django replaces the hash at the next login.
import hashlib

import bcrypt
from django.contrib.auth.hashers import BasePasswordHasher, mask_hash
from django.utils.crypto import constant_time_compare


class DoorwardWrapHasher(BasePasswordHasher):
    """`doorward_wrap$md5$SALT$$2b$12$…`: bcrypt over the digits of a salted MD5 or SHA-1."""

    algorithm = "doorward_wrap"

    def decode(self, encoded):
        algorithm, function, salt, crypt = encoded.split("$", 3)
        assert algorithm == self.algorithm
        return {"algorithm": algorithm, "function": function, "salt": salt, "hash": crypt}

    def verify(self, password, encoded):
        decoded = self.decode(encoded)
        digest = hashlib.new(decoded["function"], (decoded["salt"] + password).encode()).hexdigest()
        crypt = decoded["hash"].encode()
        return constant_time_compare(bcrypt.hashpw(digest.encode(), crypt), crypt)

    def encode(self, password, salt):
        raise NotImplementedError("doorward alone makes such hashes")

    def safe_summary(self, encoded):
        decoded = self.decode(encoded)
        return {"algorithm": decoded["algorithm"], "function": decoded["function"], "hash": mask_hash(decoded["hash"])}

    def harden_runtime(self, password, encoded):
        pass
