"""Tokens and cookies of the API."""

from server import Server, fault


@fault("id", "GET /api/user/ names the user's id")
def user_has_an_id(binary):
    with Server(binary) as server:
        server.add("vic", "--confirmed")
        answer = server.get("/api/user/", headers=server.bearer("vic"))
        assert "id" in answer.json(), answer
