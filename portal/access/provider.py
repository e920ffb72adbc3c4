"""One OpenID provider: what it tells about itself, a code turned into claims, and claims that are believed only when
everything in them is right."""

import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import OpenIDProviderMetadata, get_well_known_url
from joserfc import jwt
from joserfc.errors import (
    BadSignatureError,
    ExpiredTokenError,
    InvalidClaimError,
    JoseError,
    MissingClaimError,
)
from joserfc.jwk import KeySet
from joserfc.jws import extract_compact

from models.errors import Refusal
from portal.language import marked as _

SCOPE = "openid profile vo"
ALGORITHMS = ["RS256", "PS256", "ES256"]
KEPT = 3600.0
"""Seconds for which is believed what a provider tells of itself."""
PATIENCE = 10.0
CLOCKS_DIFFER = 30
"""Seconds by which two clocks may differ."""


_SENTENCES = {
    "Nonce": _("Het antwoord van de aanmelddienst hoort niet bij deze aanmelding. Meld u opnieuw aan."),
    "Expired": _("De aanmelding duurde te lang en is vervallen. Meld u opnieuw aan."),
    "Audience": _("Het antwoord van de aanmelddienst was voor een andere toepassing bedoeld. Meld u opnieuw aan."),
    "MissingClaim": _("De aanmelddienst vertelde niet alles wat nodig is. Vraag het na bij uw organisatie."),
    "Signature": _("Het antwoord van de aanmelddienst is niet echt. Meld u opnieuw aan."),
    "Code": _("Deze aanmelding is al gebruikt of vervallen. Meld u opnieuw aan."),
    "Away": _("De aanmelddienst antwoordt nu niet. Probeer het over enkele minuten opnieuw."),
    "Claim": _("Het antwoord van de aanmelddienst klopt niet. Meld u opnieuw aan."),
}


def refusal(code: str) -> Refusal:
    """Why somebody is not let in, in a sentence."""
    return Refusal(f"SignIn{code}", _SENTENCES[code])


@dataclass
class Provider:
    """A provider by its issuer; what it tells of itself is asked once an hour."""

    issuer: str
    client: str
    secret: str | None
    _told: dict[str, Any] = field(default_factory=dict)
    _keys: KeySet | None = None
    _asked_at: float = 0.0

    async def door(self, *, back: str, state: str, nonce: str, verifier: str) -> str:
        """The address at the provider where somebody signs in and comes back from."""
        told = await self._metadata()
        address: str = prepare_grant_uri(
            told["authorization_endpoint"],
            client_id=self.client,
            response_type="code",
            redirect_uri=back,
            scope=SCOPE,
            state=state,
            nonce=nonce,
            code_challenge=create_s256_code_challenge(verifier),
            code_challenge_method="S256",
        )
        return address

    async def claims(self, *, code: str, back: str, nonce: str, verifier: str) -> dict[str, Any]:
        """What the provider says of who came back with this code.

        Raises:
            Refusal: the code was used or never given, or something in the answer is not right.
        """
        told = await self._metadata()
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": verifier}
        answer = await self._ask("POST", told["token_endpoint"], data=form, auth=(self.client, self.secret or ""))
        if answer.status_code != httpx.codes.OK or "id_token" not in (tokens := answer.json()):
            raise refusal("Code")
        return await self._believed(tokens["id_token"], tokens.get("access_token"), nonce)

    async def goodbye(self, back: str) -> str | None:
        """The address at the provider where somebody signs out there too; None when it has none."""
        end = (await self._metadata()).get("end_session_endpoint")
        return f"{end}?{urlencode({'client_id': self.client, 'post_logout_redirect_uri': back})}" if end else None

    async def _believed(self, token: str, access_token: str | None, nonce: str) -> dict[str, Any]:
        try:
            read = jwt.decode(token, await self._key_set(token), algorithms=ALGORITHMS)
            claims = CodeIDToken(
                read.claims,
                read.header,
                options={
                    "iss": {"essential": True, "value": self._told["issuer"]},
                    "aud": {"essential": True, "value": self.client},
                },
                params={"nonce": nonce, "client_id": self.client, "access_token": access_token},
            )
            claims.validate(leeway=CLOCKS_DIFFER)
        except ExpiredTokenError:
            raise refusal("Expired") from None
        except BadSignatureError:
            raise refusal("Signature") from None
        except MissingClaimError as missing:
            raise refusal("Nonce" if missing.claim == "nonce" else "MissingClaim") from None
        except InvalidClaimError as wrong:
            raise refusal({"nonce": "Nonce", "aud": "Audience"}.get(wrong.claim, "Claim")) from None
        except (JoseError, ValueError):
            raise refusal("Claim") from None
        return dict(claims)

    async def _metadata(self) -> dict[str, Any]:
        if time.monotonic() - self._asked_at > KEPT or not self._told:
            answer = await self._ask("GET", get_well_known_url(self.issuer, external=True))
            found = OpenIDProviderMetadata(answer.json())
            found.validate_issuer()
            if found["issuer"].rstrip("/") != self.issuer.rstrip("/"):
                raise refusal("Claim")
            self._told, self._keys, self._asked_at = dict(found), None, time.monotonic()
        return self._told

    async def _key_set(self, token: str) -> KeySet:
        """The provider's keys; asked again when a token names one that is not among them, for keys are replaced."""
        named = _header(token).get("kid")
        if self._keys is None or named not in {key.kid for key in self._keys.keys}:
            answer = await self._ask("GET", (await self._metadata())["jwks_uri"])
            self._keys = KeySet.import_key_set(answer.json())
        return self._keys

    async def _ask(self, method: str, address: str, **more: Any) -> httpx.Response:
        try:
            async with httpx.AsyncClient(timeout=PATIENCE) as client:
                answer = await client.request(method, address, **more)
        except httpx.HTTPError:
            raise refusal("Away") from None
        if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise refusal("Away")
        return answer


def _header(token: str) -> dict[str, Any]:
    """What a token says of its signature, unproven.

    Raises:
        Refusal: it is no token.
    """
    try:
        return dict(extract_compact(token.encode()).protected)
    except (JoseError, ValueError):
        raise refusal("Claim") from None
