"""Encrypts what Temporal stores, with keys that can be replaced: the first key encrypts, every key decrypts.

AES-256-GCM over the whole payload. The id of the key travels in clear beside the ciphertext and is authenticated with
it, so that an operator can see which key a history needs and nobody can swap it.
"""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Mapping, Sequence
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from temporalio.api.common.v1 import Payload
from temporalio.converter import PayloadCodec

from models.errors import Defect

ENCODING = b"binary/encrypted"
KEY_ID = "encryption-key-id"
CIPHER = "encryption-cipher"
_KEY_BYTES = 32
_NONCE_BYTES = 12


class EncryptionCodec(PayloadCodec):
    """Turns payloads into ciphertext and back. What was written before encryption was switched on stays readable."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        """`keys` by id, each of 32 bytes; the first one encrypts.

        Raises:
            Defect: there is no key, or one has the wrong length.
        """
        for key_id, key in keys.items():
            if len(key) != _KEY_BYTES:
                raise Defect(f"sleutel '{key_id}' telt {len(key)} bytes; nodig zijn er {_KEY_BYTES}")
        if not keys:
            raise Defect("er is geen sleutel om mee te versleutelen")
        self._first = next(iter(keys))
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `id:base64,id:base64`, as in the setting PAYLOAD_KEYS.

        Raises:
            Defect: the text cannot be read; it names the place and the id of a key, never a key.
        """
        keys: dict[str, bytes] = {}
        for place, entry in enumerate(text.split(","), start=1):
            key_id, colon, encoded = entry.strip().partition(":")
            if not colon or not key_id:
                raise Defect(f"sleutel {place} in DOORSTROOM_PAYLOAD_KEYS heeft niet de vorm id:base64")
            if key_id in keys:
                raise Defect(f"sleutel '{key_id}' staat twee keer in DOORSTROOM_PAYLOAD_KEYS")
            try:
                keys[key_id] = base64.b64decode(encoded, validate=True)
            except binascii.Error:
                raise Defect(f"sleutel '{key_id}' in DOORSTROOM_PAYLOAD_KEYS is geen base64") from None
        return cls(keys)

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Encrypt each payload with the first key."""
        return [self._encrypt(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Decrypt each payload with the key it names.

        Raises:
            Defect: the key is not there, or the ciphertext was changed.
        """
        return [self._decrypt(payload) for payload in payloads]

    def _encrypt(self, payload: Payload) -> Payload:
        key_id = self._first.encode()
        nonce = os.urandom(_NONCE_BYTES)
        ciphertext = self._ciphers[self._first].encrypt(nonce, payload.SerializeToString(), key_id)
        metadata = {"encoding": ENCODING, KEY_ID: key_id, CIPHER: b"AES-256-GCM"}
        return Payload(metadata=metadata, data=nonce + ciphertext)

    def _decrypt(self, payload: Payload) -> Payload:
        if payload.metadata.get("encoding") != ENCODING:
            return payload
        key_id = payload.metadata[KEY_ID]
        name = key_id.decode(errors="replace")
        cipher = self._ciphers.get(name)
        if cipher is None:
            raise Defect(f"onbekende sleutel '{name}': zet ze terug in DOORSTROOM_PAYLOAD_KEYS, achter de eerste")
        try:
            clear = cipher.decrypt(payload.data[:_NONCE_BYTES], payload.data[_NONCE_BYTES:], key_id)
        except InvalidTag:
            raise Defect(f"een payload met sleutel '{name}' is niet te ontcijferen: ze is veranderd") from None
        return Payload.FromString(clear)
