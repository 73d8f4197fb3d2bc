"""The URLs of the reference servers: Simple JWT's own, which make tokens for the cases, and a package's."""

import os

from django.urls import include, path, re_path
from django.views.generic import TemplateView
from rest_framework_simplejwt.views import TokenObtainPairView

urlpatterns = [path("api/token/", TokenObtainPairView.as_view())]
if os.environ["REFERENCE"].startswith("djoser"):
    urlpatterns += [
        path("auth/", include("djoser.urls")),
        path("auth/", include("djoser.urls.jwt")),
    ]
else:
    link = TemplateView.as_view(template_name="none.html")
    urlpatterns += [
        path("dj-rest-auth/", include("dj_rest_auth.urls")),
        re_path(r"^dj-rest-auth/registration/account-confirm-email/(?P<key>[-:\w]+)/$", link,
                name="account_confirm_email"),
        path("dj-rest-auth/registration/", include("dj_rest_auth.registration.urls")),
        path("password/reset/confirm/<uidb64>/<token>/", link, name="password_reset_confirm"),
    ]
