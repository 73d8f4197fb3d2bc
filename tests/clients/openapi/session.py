"""Logs in, refreshes and logs out with the client that openapi-python-client generated of doorward's document.

Arguments: the folder of the client, the URL, a user's name and password.
"""

import sys

folder, url, username, password = sys.argv[1:]
sys.path.insert(0, folder)

from doorward_client import AuthenticatedClient, Client  # noqa: E402
from doorward_client.api.login import login_create  # noqa: E402
from doorward_client.api.logout import logout_create  # noqa: E402
from doorward_client.api.token import token_create, token_refresh_create, token_verify_create  # noqa: E402
from doorward_client.api.user import user_retrieve  # noqa: E402
from doorward_client.models import (  # noqa: E402
    LoginRequest,
    LogoutRequest,
    TokenObtainPair,
    TokenRefresh,
    TokenVerify,
)

failed = False


def check(what, is_so):
    global failed
    failed = failed or not is_so
    print(f"a generated client: {what} ... {'ok' if is_so else 'FAILED'}")


def answer(operation, **body):
    """The answer of an operation of Simple JWT. drf-spectacular has one type for a request and its answer, of which this
    generator wants all fields in the answer, of a Django too: the function that parses it cannot be called."""
    return client.get_httpx_client().request(**operation._get_kwargs(**body))


client = Client(base_url=url)
logged_in = login_create.sync_detailed(client=client, body=LoginRequest(username=username, password=password))
check("logs in", logged_in.status_code == 200 and logged_in.parsed.user.username == username)
wrong = login_create.sync_detailed(client=client, body=LoginRequest(username=username, password="wrong"))
check("has a type for wrong credentials", wrong.status_code == 404 and wrong.parsed.invalid.startswith("Invalid"))
blank = login_create.sync_detailed(client=client, body=LoginRequest(username="", password="x"))
check("has a type for wrong fields", blank.status_code == 400 and blank.parsed.username[0].endswith("blank."))
given = TokenObtainPair(username=username, password=password, access="", refresh="")
pair = answer(token_create, body=given).json()
check("obtains tokens", pair.keys() == {"access", "refresh"})
fresh = answer(token_refresh_create, body=TokenRefresh(access="", refresh=pair["refresh"])).json()
check("refreshes", fresh.keys() == {"access"})
verified = answer(token_verify_create, body=TokenVerify(token=fresh["access"]))
check("verifies", verified.status_code == 200)
own = AuthenticatedClient(base_url=url, token=fresh["access"])
check("reads the user", user_retrieve.sync(client=own).username == username)
check("logs out", logout_create.sync(client=own, body=LogoutRequest()).success.startswith("Logout"))
after = user_retrieve.sync_detailed(client=own)
check("is logged out, and has a type for that", after.status_code == 401 and after.parsed.code == "token_not_valid")
sys.exit(failed)
