"""A mail server (aiosmtpd) for the tests. Writes its port, then each email that it has taken as a line of JSON."""

import asyncio
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

kind, certificate, key = sys.argv[1:4]


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("refused"):
            return "550 no such mailbox"
        if address.startswith("later"):
            return "451 try later"
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, server, session, envelope):
        if envelope.rcpt_tos[0].startswith("spam"):
            return "554 not that one"
        text = envelope.content.decode()
        print(json.dumps({"from": envelope.mail_from, "to": envelope.rcpt_tos, "text": text, "login": session.auth_data}), flush=True)
        if envelope.rcpt_tos[0].startswith("drop"):
            server.transport.abort()
        return "250 taken"


def authenticate(server, session, envelope, mechanism, data):
    good = data.login == b"sam" and data.password == b"kettle fog"
    return AuthResult(success=good, handled=False, auth_data=data.login.decode() if good else None)


def protocol():
    common = {"handler": Handler(), "authenticator": authenticate}
    if kind == "starttls":
        return SMTP(tls_context=context, require_starttls=True, auth_required=True, **common)
    if kind == "implicit":
        return SMTP(auth_require_tls=False, **common)
    return SMTP(auth_require_tls=False, **common)


async def main():
    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0, ssl=context if kind == "implicit" else None)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
context.load_cert_chain(certificate, key)
asyncio.run(main())
