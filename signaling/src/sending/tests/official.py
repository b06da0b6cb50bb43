"""What GOV.UK Notify's own client library says: of a token, and what it sends itself."""

import json
import sys

from notifications_python_client.authentication import decode_jwt_token, get_token_issuer
from notifications_python_client.errors import TokenError
from notifications_python_client.notifications import NotificationsAPIClient

what, rest = sys.argv[1], sys.argv[2:]
if what == "token":
    token, secret = rest
    try:
        print(json.dumps({"issuer": get_token_issuer(token), "good": decode_jwt_token(token, secret)}))
    except TokenError as error:
        print(json.dumps({"error": type(error).__name__}))
else:
    address, key, template, reference = rest
    client = NotificationsAPIClient(key, base_url=address)
    sent = client.send_sms_notification("+447700900123", template, {"message": "Hello"}, reference)
    client.send_email_notification("kim@example.org", template, {"subject": "Our call", "message": "Hello"}, reference)
    found = client.get_all_notifications(reference=reference)
    print(json.dumps({"sent": sent["id"], "found": found["notifications"][0]["status"]}))
