# The access token out of a header, or else out of a cookie.
from rest_framework_simplejwt.authentication import JWTAuthentication


class CookieAuthentication(JWTAuthentication):
    def authenticate(self, request):
        if (found := super().authenticate(request)) is not None:
            return found
        if not (token := request.COOKIES.get("access_token")):
            return None
        valid = self.get_validated_token(token)
        return self.get_user(valid), valid
