"""Who signs: the installation's own keys, made once, and what others trust."""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import datetime
import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.x509.oid import NameOID

from tidu.rules.errors import TiduError
from tidu.rules.language import N_

PAGE_KEY, STATEMENT_KEY = "page.key", "statement.key"
PAGE_CERTIFICATE, PUBLIC = "page.pem", "public.pem"
_FOLDER = "signing"
_LIFE = datetime.timedelta(days=3653)  # ten years
_SHORT = 16  # characters of a fingerprint that name a key


class SignerError(TiduError):
    """The keys or the public certificate cannot be used."""


@dataclasses.dataclass(frozen=True)
class Trusted:
    """What a checker knows of a signer: two public certificates, or several pairs
    where keys were changed. ``pages`` sign PDF files, ``statements`` codes and lists.
    """

    pages: tuple[x509.Certificate, ...]
    statements: tuple[x509.Certificate, ...]

    @staticmethod
    def read(pem: bytes) -> Trusted:
        """From ``public.pem``, or several of them in one. Raises SignerError."""
        try:
            found = x509.load_pem_x509_certificates(pem)
        except ValueError as error:
            raise SignerError(N_("公开证书读不懂；请用发证机关公布的文件")) from error
        statements = tuple(
            each for each in found if isinstance(each.public_key(), Ed25519PublicKey)
        )
        pages = tuple(each for each in found if each not in statements)
        return Trusted(pages, statements)

    def statement_certificate(self, key: str) -> x509.Certificate | None:
        """The one whose short name is ``key``, if it is trusted."""
        for each in self.statements:
            if key_name(each) == key:
                return each
        return None

    def signs(self, fingerprint: bytes) -> x509.Certificate | None:
        """The page certificate with that SHA-256, if it is trusted."""
        for each in self.pages:
            if each.fingerprint(hashes.SHA256()) == fingerprint:
                return each
        return None


@dataclasses.dataclass(frozen=True)
class Signer:
    """The installation's keys in their folder; only its owner may read them."""

    folder: Path

    @property
    def public(self) -> bytes:
        """Both certificates as PEM: to be published wherever people check."""
        return (self.folder / PUBLIC).read_bytes()

    @property
    def trusted(self) -> Trusted:
        """This signer, as a checker sees it."""
        return Trusted.read(self.public)

    @property
    def key(self) -> str:
        """The short name of the statement key."""
        return key_name(self.trusted.statements[0])

    def sign_statement(self, content: bytes) -> bytes:
        """Ed25519, 64 bytes."""
        pem = (self.folder / STATEMENT_KEY).read_bytes()
        key = serialization.load_pem_private_key(pem, password=None)
        assert isinstance(key, Ed25519PrivateKey)
        return key.sign(content)


def signer_of(home: Path, authority: str) -> Signer:
    """The signer of the installation in ``home``, its keys made on first use.

    Two key pairs with self-signed certificates that name the authority: ECDSA P-256 for
    PDF files, which every reader knows, Ed25519 for short statements. The folder is
    made beside and moved in whole: of two processes the first wins. Raises SignerError.
    """
    folder = home / _FOLDER
    if not folder.is_dir():
        home.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{_FOLDER}-", dir=home))  # mode 0700
        try:
            _make(made, authority)
            with contextlib.suppress(OSError):  # the other process was first
                made.rename(folder)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    missing = [
        name
        for name in (PAGE_KEY, STATEMENT_KEY, PAGE_CERTIFICATE, PUBLIC)
        if not (folder / name).is_file()
    ]
    if missing:
        raise SignerError(
            N_("{folder}里缺少{files}；请从备份恢复整个文件夹，不要只补一个文件"),
            folder=folder,
            files=tuple(missing),
        )
    return Signer(folder)


def verify(certificate: x509.Certificate, signature: bytes, content: bytes) -> bool:
    """Whether the Ed25519 signature is the certificate's over exactly this content."""
    key = certificate.public_key()
    assert isinstance(key, Ed25519PublicKey)
    try:
        key.verify(signature, content)
    except InvalidSignature:
        return False
    return True


def key_name(certificate: x509.Certificate) -> str:
    """The first characters of the public key's SHA-256."""
    raw = certificate.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return hashlib.sha256(raw).hexdigest()[:_SHORT]


def named(certificate: x509.Certificate) -> str:
    """The authority that a certificate names."""
    found = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    return str(found[0].value) if found else ""


def encode(content: bytes) -> str:
    """Base64 without characters that an address would escape, and without padding."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """What ``encode`` wrote; ValueError for anything else."""
    content = base64.b64decode(
        text + "=" * (-len(text) % 4), altchars=b"-_", validate=True
    )
    if encode(content) != text:
        raise ValueError(text)  # some other spelling of the same bytes
    return content


def _make(folder: Path, authority: str) -> None:
    page, statement = (
        ec.generate_private_key(ec.SECP256R1()),
        Ed25519PrivateKey.generate(),
    )
    public = []
    for name, key in ((PAGE_KEY, page), (STATEMENT_KEY, statement)):
        _write(
            folder / name,
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            ),
        )
        certificate = _self_signed(key, authority)
        public.append(certificate.public_bytes(serialization.Encoding.PEM))
    _write(folder / PAGE_CERTIFICATE, public[0])
    _write(folder / PUBLIC, b"".join(public))


def _write(path: Path, content: bytes) -> None:
    path.touch(mode=0o600)
    with path.open("wb") as file:
        file.write(content)
        os.fsync(file.fileno())


def _self_signed(
    key: ec.EllipticCurvePrivateKey | Ed25519PrivateKey, authority: str
) -> x509.Certificate:
    try:
        name = x509.Name(
            [
                x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, authority),
                x509.NameAttribute(NameOID.COMMON_NAME, authority),
            ]
        )
    except ValueError as error:
        raise SignerError(N_("发证机关的名称应为1至64个字；请改正")) from error
    now = datetime.datetime.now(datetime.UTC)
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    algorithm = None if isinstance(key, Ed25519PrivateKey) else hashes.SHA256()
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + _LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, algorithm)
    )
