# A login as small projects write it: Simple JWT's views, and a few of their own that put the access token into a cookie.
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_simplejwt.tokens import RefreshToken
from rest_framework_simplejwt.views import (
    TokenBlacklistView,
    TokenObtainPairView,
    TokenRefreshView,
    TokenVerifyView,
)

from django.apps import apps
from django.contrib.auth import authenticate
from django.urls import path


def about(user):
    confirmed = getattr(user, "is_email_confirmed", False)
    if apps.is_installed("allauth.account"):
        confirmed = user.emailaddress_set.filter(email=user.email, verified=True).exists()
    return {"username": user.username, "email": user.email, "is_email_confirmed": confirmed}


class Login(APIView):
    authentication_classes = ()
    permission_classes = ()

    def post(self, request):
        user = authenticate(request, username=request.data["username"], password=request.data["password"])
        if user is None:
            return Response({"Invalid": "Invalid username or password"}, 404)
        answer = Response({"Success": "Login successfully", "user": {"id": user.pk, **about(user)}})
        answer.set_cookie("access_token", str(RefreshToken.for_user(user).access_token), httponly=True, samesite="Lax")
        return answer


class Logout(APIView):
    def post(self, request):
        answer = Response({"Success": "Logout successfully"})
        answer.delete_cookie("access_token")
        return answer


class Account(APIView):
    def get(self, request):
        return Response(about(request.user))


urlpatterns = [
    path("api/login/", Login.as_view()),
    path("api/logout/", Logout.as_view()),
    path("api/user/", Account.as_view()),
    path("api/token/", TokenObtainPairView.as_view()),
    path("api/token/refresh/", TokenRefreshView.as_view()),
    path("api/token/verify/", TokenVerifyView.as_view()),
    path("api/token/blacklist/", TokenBlacklistView.as_view()),
]
