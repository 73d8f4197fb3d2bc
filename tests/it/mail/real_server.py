"""A real mail server for the tests: aiosmtpd, with STARTTLS and a login that it insists on.

Arguments: port, certificate, key, folder for what it takes. Prints "ready".
"""

import asyncio
import pathlib
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

port, certificate, key, folder = int(sys.argv[1]), sys.argv[2], sys.argv[3], pathlib.Path(sys.argv[4])


class Keep:
    count = 0

    async def handle_DATA(self, server, session, envelope):
        self.count += 1
        (folder / f"{self.count}.eml").write_bytes(envelope.original_content)
        return "250 kept"


def authenticate(server, session, envelope, mechanism, shown):
    good = shown.login == b"doorward" and shown.password == b"the mail password"
    # handled=False has the server itself say no.
    return AuthResult(success=good, handled=False)


async def main():
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    keep = Keep()
    make = lambda: SMTP(
        keep, tls_context=tls, require_starttls=True, authenticator=authenticate, auth_required=True
    )
    server = await asyncio.get_running_loop().create_server(make, "127.0.0.1", port)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
