"""A browser that looks at every page as a strict reader does.

A page that is visited is free of axe findings, of messages on the console and of
sideways scrolling; a picture of it goes into ``docs/images`` when TIDU_WRITE_DOCS=1.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.factories import PASSWORD
from tests.house.tree import ROOT

REQUIRED = "TIDU_REQUIRE_BROWSER"  # set in CI: no browser is then a failure
WRITE_DOCS = "TIDU_WRITE_DOCS"
IMAGES = ROOT / "docs" / "images"
DESKTOP, PHONE = 1440, 375  # pixels
PICTURE = {"x": 0, "y": 0, "width": 1280, "height": 900}  # pixels; a page's top
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TO_THE_TOP = "each => each.scrollIntoView({behavior: 'instant'})"
# Chromium itself says so of every answer that is not 200, however well it is shown.
REFUSED = re.compile(r"Failed to load resource: .* status of (403|404|422|429)")


def find_browser() -> str:
    """Where Chromium is; skips by name where there is none, or fails where it must."""
    named = os.environ.get("TIDU_CHROMIUM") or "/usr/bin/chromium"
    if found := shutil.which(named):
        return found
    reason = f"no browser at {named} (TIDU_CHROMIUM names another)"
    if os.environ.get(REQUIRED):
        pytest.fail(reason)
    pytest.skip(f"NOT RUN in a browser: {reason}")


@contextmanager
def opened_browser() -> Iterator[Browser]:
    """Chromium, closed at the end."""
    path = find_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


class Visitor:
    """Somebody at a screen: goes to pages, and checks each one that is looked at."""

    def __init__(self, browser: Browser, base: str, width: int, locale: str) -> None:
        self.base = base
        self.width = width
        self.careful = False
        self.context = browser.new_context(
            viewport={"width": width, "height": 900},
            locale=locale,
            accept_downloads=True,
        )
        self.page: Page = self.context.new_page()
        self.said: list[str] = []
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", self._stays_here)

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not REFUSED.match(message.text):
            self.said.append(message.text)

    def _stays_here(self, request: object) -> None:
        url = request.url  # type: ignore[attr-defined]
        if not url.startswith((self.base, "data:", "blob:")):
            self.said.append(f"asked another host: {url}")

    def visit(self, path: str, picture: str = "") -> Page:
        """Open an address and look at the page."""
        self.page.goto(self.base + path)
        self.look(picture)
        return self.page

    def go(self, path: str) -> Page:
        """Open an address on the way to somewhere else; the console is heard on."""
        self.page.goto(self.base + path)
        return self.page

    def stop(self, picture: str = "", part: str = "") -> None:
        """Look at a step on the way, where somebody careful takes it."""
        if self.careful or picture:
            self.look(picture, part)

    def glance(self) -> None:
        """Look at the page as it stands on a phone, then go back to the desk."""
        width, self.width = self.width, PHONE
        self.page.set_viewport_size({"width": PHONE, "height": 900})
        try:
            self.look()
        finally:
            self.width = width
            self.page.set_viewport_size({"width": width, "height": 900})

    def look(self, picture: str = "", part: str = "") -> None:
        """Check the page as it stands; take its picture for the documentation.

        ``part``: what stands on top of the picture; else the top of the page.
        """
        self.page.wait_for_load_state("networkidle")
        if picture and os.environ.get(WRITE_DOCS):
            self.picture(picture, part)
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        where = self.page.url
        assert wide <= self.width, f"{where} scrolls sideways: {wide} px"
        assert self.said == [], where
        # axe tries styles on the page, which our policy refuses: heard no more after.
        found = Axe().run(self.page).response["violations"]
        faults = [(f["id"], f["impact"], f["nodes"][0]["html"]) for f in found]
        self.said.clear()
        assert faults == [], where

    def picture(self, name: str, part: str = "") -> Path:
        """A picture of a page from a part of it on: ``docs/images/<name>.png``."""
        IMAGES.mkdir(parents=True, exist_ok=True)
        path = IMAGES / f"{name}.png"
        size = {key: PICTURE[key] for key in ("width", "height")}
        self.page.set_viewport_size(size)
        self.page.locator(part or "body").first.evaluate(TO_THE_TOP)
        self.page.screenshot(path=path, clip=PICTURE, animations="disabled")
        self.page.set_viewport_size({"width": self.width, "height": 900})
        return path

    def sign_in(self, username: str, password: str = PASSWORD) -> None:
        """Sign in through the page, as a person does."""
        self.page.goto(f"{self.base}/account/login/")
        self.page.get_by_label("用户名").fill(username)
        self.page.get_by_label("密码").fill(password)
        self.page.get_by_role("main").get_by_role("button", name="登录").click()
        self.page.wait_for_load_state("networkidle")

    def close(self) -> None:
        """Leave; what was said since the last look counts too."""
        self.context.close()
        assert self.said == []
