"""The bundle installs and serves on a machine whose network is cut."""

import os
import shutil
import subprocess
import sys
import zipfile

import pytest

from tests.house.tree import ROOT

pytestmark = [
    pytest.mark.skipif(
        not os.environ.get("TIDU_TEST_BUNDLE"),
        reason="not run: the bundle takes minutes and fetches wheels; TIDU_TEST_BUNDLE=1",
    ),
    pytest.mark.xdist_group("bundle"),
]

CUT = ["unshare", "--map-root-user", "--net"]
SERVE = """
import fcntl, os, signal, socket, struct, subprocess, sys, time, urllib.request
if sys.argv[2] == "cut":  # a network of its own, where even 127.0.0.1 is down at first
    with socket.socket() as made:
        fcntl.ioctl(made, 0x8914, struct.pack("16sH22x", b"lo", 0x1 | 0x40))
    try:
        socket.create_connection(("1.1.1.1", 443), timeout=2)
    except OSError:
        pass
    else:
        sys.exit("the network is not cut")
with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
server = subprocess.Popen([sys.argv[1], "serve", "--demo", "--port", str(port)])
try:
    for _ in range(240):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/check/") as page:
                print("ANSWER", page.status, "自测" in page.read().decode())
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as page:
                sheet = page.read().decode().split('stylesheet" href="')[1].split('"')[0]
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{sheet}") as style:
                print("STYLE", style.status)
            break
        except ConnectionError:
            time.sleep(1)
        except urllib.error.URLError:
            time.sleep(1)
finally:
    server.send_signal(signal.SIGTERM)
    server.wait(30)
"""


def run(*arguments, cwd, **more):
    return subprocess.run(
        [str(each) for each in arguments],
        cwd=cwd,
        env={
            k: v
            for k, v in os.environ.items()
            if not k.startswith(("TIDU_", "PYTHON", "DJANGO", "PIP_"))
        }
        | {"PIP_CONFIG_FILE": os.devnull, **more},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def network_cut():
    """The command that cuts the network of what follows; empty where not permitted."""
    if shutil.which("unshare") is None:
        return []
    tried = subprocess.run([*CUT, "true"], check=False, capture_output=True)
    return [] if tried.returncode else CUT


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bundle")
    made = subprocess.run(
        [sys.executable, "build_bundle.py", str(folder / "tidu-bundle")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        pytest.skip(f"not run: the wheels cannot be had: {made.stderr[-300:]}")
    with zipfile.ZipFile(folder / "tidu-bundle.zip") as archive:
        archive.extractall(folder / "carried")
    return folder / "carried/tidu-bundle"


def test_the_wheel_holds_assets_messages_and_packs(bundle):
    (wheel,) = (bundle / "wheels").glob("tidu-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())

    assert {
        "tidu/web/static/vendor/tabler.min.css",
        "tidu/locale/en/LC_MESSAGES/django.mo",
        "tidu/packs/national/pack.yaml",
        "tidu/web/templates/base.html",
    } <= names


def test_every_file_is_the_one_that_was_packed(bundle):
    checked = run("sha256sum", "--check", "--quiet", "SHA256SUMS", cwd=bundle)

    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_bundle_installs_and_serves_without_a_network(
    bundle, network_cut, tmp_path
):
    venv = tmp_path / "venv"
    made = run(sys.executable, "-m", "venv", venv, cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    pip = ["-m", "pip", "install", "--quiet", "--no-index", "--find-links", "wheels"]
    installed = run(
        *network_cut, venv / "bin/python", *pip, "tidu[postgres]", cwd=bundle
    )
    assert installed.returncode == 0, installed.stderr

    served = run(
        *network_cut,
        *(venv / "bin/python", "-c", SERVE, venv / "bin/tidu"),
        "cut" if network_cut else "open",
        cwd=tmp_path,
        TIDU_HOME=str(tmp_path / "home"),
    )

    assert "ANSWER 200 True" in served.stdout, served.stdout + served.stderr
    assert "STYLE 200" in served.stdout
    if not network_cut:
        pytest.skip("installed without an index; cutting the network is not permitted")
