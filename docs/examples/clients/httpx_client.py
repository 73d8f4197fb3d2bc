"""A client with httpx, whose authentication refreshes the access token by itself.

    pip install httpx
    python httpx_client.py http://127.0.0.1:8000 alice PASSWORD [SECONDS]
"""

import asyncio
import sys

import httpx


class TokenAuth(httpx.Auth):
    """Adds the access token, and sends a request again with a new one if the answer is 401."""

    requires_response_body = True

    def __init__(self, base, tokens):
        self.base = base
        self.access, self.refresh = tokens["access"], tokens["refresh"]
        self.lock = asyncio.Lock()

    async def async_auth_flow(self, request):
        sent = self.access
        request.headers["Authorization"] = f"Bearer {sent}"
        answer = yield request
        if answer.status_code != 401:
            return
        # Requests that fail together refresh once.
        async with self.lock:
            if self.access == sent:
                answer = yield httpx.Request("POST", f"{self.base}/api/token/refresh/", json={"refresh": self.refresh})
                if answer.status_code != 200:
                    return
                await answer.aread()
                tokens = answer.json()
                self.access, self.refresh = tokens["access"], tokens.get("refresh", self.refresh)
        request.headers["Authorization"] = f"Bearer {self.access}"
        yield request


def checked(answer):
    if answer.is_error:
        # {"detail": "…"}, or a list of errors for each field.
        raise RuntimeError(f"{answer.status_code}: {answer.text}")
    return answer.json()


async def main(base, username, password, seconds="0"):
    base = base.rstrip("/")
    async with httpx.AsyncClient(base_url=base, timeout=10) as http:
        tokens = checked(await http.post("/api/token/", json={"username": username, "password": password}))
        auth = TokenAuth(base, tokens)

        async def username_of():
            return checked(await http.get("/api/user/", auth=auth))["username"]

        print("logged in as", await username_of())
        await asyncio.sleep(float(seconds))
        names = await asyncio.gather(username_of(), username_of(), username_of())
        print("still", *set(names))
        checked(await http.post("/api/token/blacklist/", json={"refresh": auth.refresh}))
        print("logged out")


if __name__ == "__main__":
    try:
        asyncio.run(main(*sys.argv[1:]))
    except RuntimeError as error:
        sys.exit(str(error))
