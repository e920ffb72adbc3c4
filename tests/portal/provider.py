"""A small OpenID provider as a process of its own: `python provider.py PORT`. It signs in whoever `/behave` says.

It is built of Authlib's own server, so that our client meets another reading of the standards than its own. A test may
have it answer wrongly: `/behave` takes the claims of the next person, and faults such as another nonce or an old token.
"""

import json
import os
import sys
import time
from types import SimpleNamespace
from typing import Any

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # loopback, without certificates

import uvicorn
from authlib.common.security import generate_token
from authlib.oauth2.rfc6749 import AuthorizationServer, ClientMixin, OAuth2Request
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import OpenIDCode, UserInfo
from joserfc.jwk import KeySet, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT, SECRET = "doorstroom", "a-secret-of-the-client"


class Client(ClientMixin):  # type: ignore[misc]  # it ships no types
    """The one client, which may go back to any page of loopback."""

    client_id = CLIENT
    id_token_signed_response_alg = "RS256"

    def get_client_id(self) -> str:
        return CLIENT

    def get_default_redirect_uri(self) -> str:
        return ""

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri.endswith("/aanmelden/terug")

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:  # noqa: ARG002
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


class Code(SimpleNamespace):
    """A code that was given and not used yet."""

    def get_redirect_uri(self) -> str:
        return str(self.redirect_uri)

    def get_scope(self) -> str:
        return str(self.scope)

    def get_nonce(self) -> Any:
        return self.nonce

    def get_auth_time(self) -> int:
        return int(time.time())

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


class Server(AuthorizationServer):  # type: ignore[misc]  # it ships no types
    """Authlib's server between Starlette's requests and answers."""

    def __init__(self) -> None:
        super().__init__()
        self.codes: dict[str, Code] = {}
        self.claims: dict[str, Any] = {"sub": "nobody"}
        self.faults: dict[str, Any] = {}
        self.key = RSAKey.generate_key(2048, {"kid": "first", "use": "sig", "alg": "RS256"})
        self.stranger = RSAKey.generate_key(2048, {"kid": "first", "use": "sig", "alg": "RS256"})
        self.register_token_generator("default", BearerTokenGenerator(lambda *_, **__: generate_token(42)))

    def query_client(self, client_id: str) -> Client | None:
        return Client() if client_id == CLIENT else None

    def save_token(self, token: Any, request: Any) -> None:
        """Nobody asks for one again."""

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Nobody listens."""

    def create_oauth2_request(self, request: Any) -> OAuth2Request:
        if isinstance(request, OAuth2Request):
            return request
        made = OAuth2Request(request["method"], request["uri"], headers=request["headers"])
        made.payload = BasicOAuth2Payload(request["values"])
        made.__class__ = Asked
        made.values = request["values"]
        return made

    def handle_response(self, status: int, body: Any, headers: Any) -> Response:
        if isinstance(body, dict):
            return JSONResponse(body, status_code=status, headers=dict(headers))
        return Response(body or "", status_code=status, headers=dict(headers))


class Asked(OAuth2Request):  # type: ignore[misc]  # it ships no types
    """A request whose form and query are known."""

    values: dict[str, str]

    @property
    def args(self) -> dict[str, str]:
        return self.values

    @property
    def form(self) -> dict[str, str]:
        return self.values


server = Server()


class Codes(AuthorizationCodeGrant):  # type: ignore[misc]  # it ships no types
    """Codes in memory, each used once."""

    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic",)

    def save_authorization_code(self, code: str, request: Any) -> Code:
        asked = request.payload.data
        kept = Code(code=code, redirect_uri=asked["redirect_uri"], scope=asked["scope"], nonce=asked.get("nonce"))
        kept.code_challenge, kept.code_challenge_method = asked["code_challenge"], asked["code_challenge_method"]
        server.codes[code] = kept
        return kept

    def query_authorization_code(self, code: str, client: Any) -> Code | None:  # noqa: ARG002
        return server.codes.get(code)

    def delete_authorization_code(self, authorization_code: Code) -> None:
        server.codes.pop(authorization_code.code, None)

    def authenticate_user(self, authorization_code: Code) -> Any:  # noqa: ARG002
        return SimpleNamespace(id=server.claims["sub"])


class Tokens(OpenIDCode):  # type: ignore[misc]  # it ships no types
    """What is said of the person, right or with the fault that a test asked for."""

    def exists_nonce(self, nonce: str, request: Any) -> bool:  # noqa: ARG002
        return False

    def resolve_client_private_key(self, client: Any) -> Any:  # noqa: ARG002
        return server.stranger if server.faults.get("key") else server.key

    def get_encode_header(self, client: Any) -> dict[str, Any]:  # noqa: ARG002
        return {"alg": "RS256", "kid": "first"}

    def get_client_claims(self, client: Any) -> dict[str, Any]:  # noqa: ARG002
        now = int(time.time())
        told = {"iss": issuer(), "aud": [CLIENT], "iat": now, "exp": now + 300}
        return told | {name: server.faults[name] for name in ("iss", "aud", "exp") if name in server.faults}

    def get_authorization_code_claims(self, authorization_code: Any) -> dict[str, Any]:
        told: dict[str, Any] = super().get_authorization_code_claims(authorization_code)
        return told | ({"nonce": server.faults["nonce"]} if "nonce" in server.faults else {})

    def generate_user_info(self, user: Any, scope: str) -> UserInfo:  # noqa: ARG002
        return UserInfo(**server.claims)


server.register_grant(Codes, [Tokens(require_nonce=True), CodeChallenge(required=True)])


def issuer() -> str:
    return f"http://127.0.0.1:{sys.argv[1]}"


async def asked(request: Request) -> OAuth2Request:
    form = await request.form()
    values = {**request.query_params, **{name: str(value) for name, value in form.items()}}
    seen = {"method": request.method, "uri": str(request.url), "headers": request.headers, "values": values}
    return server.create_oauth2_request(seen)


async def discovery(_: Request) -> Response:
    return JSONResponse(
        {
            "issuer": issuer(),
            "authorization_endpoint": f"{issuer()}/authorize",
            "token_endpoint": f"{issuer()}/token",
            "userinfo_endpoint": f"{issuer()}/userinfo",
            "jwks_uri": f"{issuer()}/jwks",
            "end_session_endpoint": f"{issuer()}/logout",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }
    )


async def jwks(_: Request) -> Response:
    return JSONResponse(KeySet([server.key]).as_dict(private=False))


async def authorize(request: Request) -> Response:
    """Signs in without a question: the person is the one of `/behave`."""
    wanted = await asked(request)
    if server.faults.get("cancelled"):
        values = request.query_params
        return RedirectResponse(f"{values['redirect_uri']}?error=access_denied&state={values['state']}", 302)
    grant = server.get_authorization_grant(wanted)
    answer: Response = server.create_authorization_response(wanted, SimpleNamespace(id=server.claims["sub"]), grant)
    return answer


async def token(request: Request) -> Response:
    answer: Response = server.create_token_response(await asked(request))
    return answer


async def userinfo(_: Request) -> Response:
    return JSONResponse(server.claims)


async def behave(request: Request) -> Response:
    told = json.loads(await request.body())
    server.claims, server.faults = told["claims"], told.get("faults", {})
    return JSONResponse({"issuer": issuer()})


app = Starlette(
    routes=[
        Route("/.well-known/openid-configuration", discovery),
        Route("/jwks", jwks),
        Route("/authorize", authorize),
        Route("/token", token, methods=["POST"]),
        Route("/userinfo", userinfo),
        Route("/behave", behave, methods=["POST"]),
    ]
)

if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
