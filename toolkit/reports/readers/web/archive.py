"""Web archives: the page inside an .mht or .mhtml file."""

from __future__ import annotations

import email
import email.policy

from toolkit.errors import SourceError


def page_of_web_archive(data: bytes) -> bytes:
    """Return the HTML of the first page in a MIME web archive (.mht, .mhtml).

    Raises
    ------
    SourceError
        If the archive holds no page.

    Examples
    --------
    >>> page_of_web_archive(b"MIME-Version: 1.0\\r\\nContent-Type: text/html\\r\\n\\r\\n<p>1</p>")
    b'<p>1</p>'
    """
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes) and payload:
                return payload
    raise SourceError("the web archive holds no page", "save the page again as a complete web page")
