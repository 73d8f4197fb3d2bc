"""The user of the reference servers: Django's own, with an email that is unique and asked for."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    email = models.EmailField(unique=True)
