"""Keys made once and kept from others; what a checker trusts."""

import datetime
import stat
import subprocess
import sys

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import NameOID

from tests.unit.casework.certificates.papers import AUTHORITY
from tidu.casework.certificates.signers import (
    PAGE_KEY,
    PUBLIC,
    SignerError,
    Trusted,
    decode,
    encode,
    key_name,
    named,
    signer_of,
    verify,
)


def test_keys_are_made_once_and_kept(tmp_path):
    home = tmp_path / "home"
    first = signer_of(home, AUTHORITY)
    public = first.public

    assert signer_of(home, "别的名称").public == public
    assert [each.name for each in home.iterdir()] == ["signing"]


def test_nobody_else_reads_the_keys(tmp_path):
    folder = signer_of(tmp_path, AUTHORITY).folder
    modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in folder.iterdir()}

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert set(modes.values()) == {0o600}
    assert len(modes) == 4


def test_of_two_processes_the_first_wins(tmp_path):
    script = (
        "import pathlib, sys\n"
        "from tidu.casework.certificates.signers import signer_of\n"
        "print(signer_of(pathlib.Path(sys.argv[1]), '甲').key)\n"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path)],
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    keys = {each.communicate()[0] for each in running}

    assert len(keys) == 1
    assert [each.name for each in tmp_path.iterdir()] == ["signing"]


def test_both_certificates_name_the_authority_and_no_more(tmp_path):
    trusted = signer_of(tmp_path, AUTHORITY).trusted

    for each in (*trusted.pages, *trusted.statements):
        assert named(each) == AUTHORITY
        limits = each.extensions.get_extension_for_class(x509.BasicConstraints).value
        assert not limits.ca


def test_a_name_that_no_certificate_holds_is_refused(tmp_path):
    with pytest.raises(SignerError, match="1至64个字"):
        signer_of(tmp_path, "厅" * 65)
    assert list(tmp_path.iterdir()) == []


def test_a_lost_file_is_not_made_anew(tmp_path):
    signer = signer_of(tmp_path, AUTHORITY)
    (signer.folder / PAGE_KEY).unlink()

    with pytest.raises(SignerError, match=r"缺少page\.key；请从备份恢复"):
        signer_of(tmp_path, AUTHORITY)
    assert not (signer.folder / PAGE_KEY).exists()


def test_several_signers_may_be_trusted_at_once(tmp_path):
    signers = [signer_of(tmp_path / name, name) for name in ("旧", "新")]
    trusted = Trusted.read(b"".join(each.public for each in signers))

    assert [named(each) for each in trusted.statements] == ["旧", "新"]
    assert trusted.statement_certificate(signers[1].key) == trusted.statements[1]
    assert trusted.statement_certificate("0" * 16) is None


def test_what_is_no_public_certificate_is_refused():
    with pytest.raises(SignerError, match="公开证书读不懂"):
        Trusted.read(b"hello")


def test_a_signature_fits_its_own_content_only(tmp_path):
    signer = signer_of(tmp_path, AUTHORITY)
    signature = signer.sign_statement(b"one")
    (certificate,) = signer.trusted.statements

    assert verify(certificate, signature, b"one")
    assert not verify(certificate, signature, b"two")
    assert key_name(certificate) == signer.key


def test_a_certificate_without_an_organisation_names_nobody():
    key = Ed25519PrivateKey.generate()
    nameless = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "CN")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(nameless, nameless, key.public_key(), 1, now, now)
    ).sign(key, None)

    assert named(certificate) == ""


@pytest.mark.parametrize("content", [b"", b"a", b"ab", b"abc", bytes(range(256))])
def test_bytes_survive_being_written_as_text(content):
    assert decode(encode(content)) == content


@pytest.mark.parametrize("text", ["=", "a", "YQ==", "YR", "YQ\n", "+/+/"])
def test_another_spelling_is_not_read(text):
    with pytest.raises(ValueError):  # noqa: PT011 - or the library's own
        decode(text)


def test_the_public_file_holds_no_key(tmp_path):
    public = (signer_of(tmp_path, AUTHORITY).folder / PUBLIC).read_text("ascii")

    assert public.count("BEGIN CERTIFICATE") == 2
    assert "PRIVATE" not in public
