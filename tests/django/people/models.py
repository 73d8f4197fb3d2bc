import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models


class Person(AbstractUser):
    """A user with a UUID as its key, and columns that Django does not have."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    is_email_confirmed = models.BooleanField(default=False)
    city = models.CharField(max_length=80, blank=True)
    is_subscribed = models.BooleanField(default=False)
    born_on = models.DateField(null=True)
    seen_at = models.DateTimeField(null=True)
    options = models.JSONField(default=dict, blank=True)
