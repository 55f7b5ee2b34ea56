"""An OpenID Connect provider on a port of this machine: authorisation code with PKCE.

It keeps to OpenID Connect Core 1.0 §3.1 and RFC 7636 and refuses what they refuse; a
test takes one thing away at a time: ``rewrite`` changes the claims of the next ID
tokens, ``key`` signs them, ``lifetime`` is that of a code in seconds.
"""

import base64
import dataclasses
import hashlib
import http.server
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT = "tidu"
SECRET = "not-a-secret"
TRUE_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
NOT_FOUND = (404, {"error": "not_found"})
Answer = tuple[int, dict[str, Any]]


@dataclasses.dataclass
class Code:
    asked: dict[str, str]
    issued_at: float


@dataclasses.dataclass
class IdentityServer:
    base: str
    person: dict[str, Any] | None = None  # who is signed in over there; None: cancels
    lifetime: float = 60
    key: Any = TRUE_KEY
    algorithm: str = "RS256"
    rewrite: Callable[[dict[str, Any]], dict[str, Any]] = dict
    discovery: dict[str, Any] = dataclasses.field(default_factory=dict)
    userinfo: dict[str, Any] = dataclasses.field(default_factory=dict)
    broken: bool = False  # answers with something that is no JSON
    codes: dict[str, Code] = dataclasses.field(default_factory=dict)
    tokens: set[str] = dataclasses.field(default_factory=set)
    refusals: list[str] = dataclasses.field(default_factory=list)

    def describe(self) -> Answer:
        places = {
            "authorization_endpoint": "authorize",
            "token_endpoint": "token",
            "userinfo_endpoint": "userinfo",
            "jwks_uri": "jwks",
        }
        return 200, {
            "issuer": self.base,
            **{name: f"{self.base}/{place}" for name, place in places.items()},
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "code_challenge_methods_supported": ["S256"],
        } | self.discovery

    def authorise(self, asked: dict[str, str]) -> str:
        """The address the browser is sent back to."""
        assert asked["client_id"] == CLIENT
        assert asked["response_type"] == "code"
        assert "openid" in asked["scope"].split()
        assert asked["code_challenge_method"] == "S256"
        if self.person is None:
            answer = {"error": "access_denied"}
        else:
            code = secrets.token_urlsafe()
            self.codes[code] = Code(asked, time.monotonic())
            answer = {"code": code}
        return (
            f"{asked['redirect_uri']}?{urlencode(answer | {'state': asked['state']})}"
        )

    def exchange(self, authorization: str, sent: dict[str, str]) -> Answer:
        right = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if authorization != f"Basic {right}":
            return self._refuse(401, "invalid_client")
        code = self.codes.pop(sent.get("code", ""), None)
        if not code or time.monotonic() - code.issued_at > self.lifetime:
            return self._refuse(400, "invalid_grant")
        if code.asked["redirect_uri"] != sent.get("redirect_uri"):
            return self._refuse(400, "invalid_grant")
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if challenge != code.asked["code_challenge"]:
            return self._refuse(400, "invalid_grant")
        token = secrets.token_urlsafe()
        self.tokens.add(token)
        answer = {"access_token": token, "token_type": "Bearer", "expires_in": 300}
        return 200, answer | self._identity(code)

    def _identity(self, code: Code) -> dict[str, str]:
        assert self.person is not None
        now = int(time.time())
        claims = self.person | {
            "iss": self.base,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": code.asked.get("nonce"),
        }
        claims = self.rewrite(claims)
        if not claims:
            return {}
        signed = jwt.encode(claims, self.key, self.algorithm, headers={"kid": "one"})
        return {"id_token": signed}

    def tell(self, authorization: str) -> Answer:
        if authorization.removeprefix("Bearer ") not in self.tokens:
            return self._refuse(401, "invalid_token")
        assert self.person is not None
        return 200, self.person | self.userinfo

    def keys(self) -> Answer:
        public = jwt.algorithms.RSAAlgorithm.to_jwk(TRUE_KEY.public_key(), as_dict=True)
        return 200, {"keys": [public | {"kid": "one", "use": "sig", "alg": "RS256"}]}

    def _refuse(self, status: int, error: str) -> Answer:
        self.refusals.append(error)
        return status, {"error": error}


class _Pages(http.server.BaseHTTPRequestHandler):
    identity: IdentityServer

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if address.path == "/authorize":
            asked = {name: value[0] for name, value in parse_qs(address.query).items()}
            self.send_response(302)
            self.send_header("Location", self.identity.authorise(asked))
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        pages = {
            "/.well-known/openid-configuration": self.identity.describe,
            "/jwks": self.identity.keys,
            "/userinfo": lambda: self.identity.tell(self._authorization()),
        }
        self._answer(*pages.get(address.path, lambda: NOT_FOUND)())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        sent = {name: value[0] for name, value in parse_qs(body).items()}
        if self.path == "/token":
            self._answer(*self.identity.exchange(self._authorization(), sent))
        else:
            self._answer(*NOT_FOUND)

    def _authorization(self) -> str:
        return self.headers.get("Authorization", "")

    def _answer(self, status: int, data: dict[str, Any]) -> None:
        content = b"<p>Down" if self.identity.broken else json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def serving() -> Iterator[IdentityServer]:
    """The provider on a free port, until the block ends."""
    pages = type("Pages", (_Pages,), {})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), pages)
    pages.identity = IdentityServer(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield pages.identity
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
