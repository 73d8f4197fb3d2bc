"""A client with requests: logs in, refreshes the access token when it has expired, logs out.

    pip install requests
    python requests_client.py http://127.0.0.1:8000 alice PASSWORD [SECONDS]
"""

import sys
import time

import requests


class Doorward:
    """Requests to doorward as one user. Tokens are in memory only."""

    def __init__(self, base):
        self.base = base.rstrip("/")
        self.http = requests.Session()
        # Tokens go into the header, where the cookies of a login are not looked at.
        self.http.cookies.set_policy(NoCookies())
        self.access = self.refresh = None

    def log_in(self, username, password):
        tokens = self._post("/api/token/", {"username": username, "password": password})
        self.access, self.refresh = tokens["access"], tokens["refresh"]

    def get(self, path):
        answer = self._get(path)
        if answer.status_code == 401 and self.refresh:
            tokens = self._post("/api/token/refresh/", {"refresh": self.refresh})
            # With rotation there is a new refresh token, and the old one is used up.
            self.access, self.refresh = tokens["access"], tokens.get("refresh", self.refresh)
            answer = self._get(path)
        return self._checked(answer)

    def log_out(self):
        self._post("/api/token/blacklist/", {"refresh": self.refresh})
        self.access = self.refresh = None

    def _get(self, path):
        return self.http.get(self.base + path, headers={"Authorization": f"Bearer {self.access}"}, timeout=10)

    def _post(self, path, body):
        return self._checked(self.http.post(self.base + path, json=body, timeout=10))

    @staticmethod
    def _checked(answer):
        if not answer.ok:
            # {"detail": "…"}, or a list of errors for each field.
            raise RuntimeError(f"{answer.status_code}: {answer.text}")
        return answer.json()


class NoCookies(requests.cookies.cookielib.DefaultCookiePolicy):
    def set_ok(self, cookie, request):
        return False


def main(base, username, password, seconds="0"):
    client = Doorward(base)
    client.log_in(username, password)
    print("logged in as", client.get("/api/user/")["username"])
    time.sleep(float(seconds))
    print("still", client.get("/api/user/")["username"])
    client.log_out()
    print("logged out")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except RuntimeError as error:
        sys.exit(str(error))
