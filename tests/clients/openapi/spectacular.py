"""Prints drf-spectacular's OpenAPI 3.1 document of Simple JWT's four views, as JSON:

    python3 -m venv v && v/bin/pip install django djangorestframework-simplejwt drf-spectacular==0.30.0
    v/bin/python spectacular.py > tests/vectors/spectacular.json
    v/bin/python spectacular.py sliding > tests/vectors/spectacular-sliding.json
"""

import json
import sys
import types

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="of-no-server",
    ROOT_URLCONF="urls",
    INSTALLED_APPS=[
        "django.contrib.contenttypes",
        "django.contrib.auth",
        "rest_framework",
        "rest_framework_simplejwt.token_blacklist",
        "drf_spectacular",
    ],
    REST_FRAMEWORK={
        "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
        "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework_simplejwt.authentication.JWTAuthentication"],
    },
    SPECTACULAR_SETTINGS={"TITLE": "doorward", "VERSION": "1.0.0", "OAS_VERSION": "3.1.0"},
)
django.setup()

from django.urls import path  # noqa: E402
from drf_spectacular.generators import SchemaGenerator  # noqa: E402
from drf_spectacular.views import SpectacularAPIView  # noqa: E402
from rest_framework_simplejwt import views  # noqa: E402

VIEWS = {
    "": views.TokenObtainPairView,
    "refresh/": views.TokenRefreshView,
    "verify/": views.TokenVerifyView,
    "blacklist/": views.TokenBlacklistView,
}
if sys.argv[1:] == ["sliding"]:
    VIEWS = {"sliding/": views.TokenObtainSlidingView, "sliding/refresh/": views.TokenRefreshSlidingView}
urls = types.ModuleType("urls")
urls.urlpatterns = [path(f"api/token/{end}", view.as_view()) for end, view in VIEWS.items()]
# Another topic: drf-spectacular leaves the prefix of all paths out of its names.
urls.urlpatterns.append(path("api/schema/", SpectacularAPIView.as_view()))
sys.modules["urls"] = urls

document = SchemaGenerator().get_schema(request=None, public=True)
del document["paths"]["/api/schema/"]
json.dump(document, sys.stdout, indent=1)
print()
