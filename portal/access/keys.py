"""One secret of the portal, from which every use gets its own key."""

import hashlib
import hmac
import json
import secrets
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from settings import Settings

_DRAWN = secrets.token_hex(32)
"""Of this process, when no key was set: what it sealed cannot be opened after a restart."""
_NONCE_BYTES = 12


def digest(settings: Settings, use: str, text: str) -> str:
    """By which the same thing is recognised without keeping it; another use gives another digest."""
    return hmac.new(_key(settings, use), text.encode(), hashlib.sha256).hexdigest()


def seal(settings: Settings, use: str, content: Any) -> bytes:
    """Encrypt something that becomes JSON."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(_key(settings, use)).encrypt(nonce, json.dumps(content).encode(), use.encode())


def unseal(settings: Settings, use: str, sealed: bytes) -> Any:
    """What was sealed; None when it was sealed with another key or changed since."""
    try:
        clear = AESGCM(_key(settings, use)).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], use.encode())
    except InvalidTag:
        return None
    return json.loads(clear)


def _key(settings: Settings, use: str) -> bytes:
    return hmac.new((settings.portal_key or _DRAWN).encode(), use.encode(), hashlib.sha256).digest()
