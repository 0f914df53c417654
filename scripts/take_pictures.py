#!/usr/bin/env python3
"""Takes the pictures of the docs: every page, light and dark, on a desktop and on a phone, of a made-up company.

    python scripts/take_pictures.py [--data FOLDER] [--customers N] [--airport]

Without a folder a sample company is made in a temporary one. Needs Chromium and the parts that tests need.
"""

from __future__ import annotations

import argparse
import os
import re
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
LOOKS = {
    "light": {"viewport": {"width": 1400, "height": 900}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1400, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light", "device_scale_factor": 2},
}
PAGES = {
    "executive": ("executive", "/?days=365", tuple(LOOKS)),
    "figure": ("executive", "/figures/nps/?days=365", ("light", "phone")),
    "manager": ("manager", "/", ("light",)),
    "operations": ("administrator", "/operations/", ("light", "phone")),
}
AIRPORT = {
    "airport": ("executive", "/?days=all", tuple(LOOKS)),
    "airport-figure": ("executive", "/figures/nps/?days=all", ("light",)),
}


def regard(*words: str, data: str) -> str:
    """Run one command over the data folder. Returns: what it printed."""
    environment = {**os.environ, "REGARD_DATA_DIR": data}
    command = [sys.executable, "-m", "regard.cli.main", *words]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


def serve(data: str) -> tuple[subprocess.Popen[str], str]:
    """Start the server on a free port. Returns: its process and address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "regard.cli.main", "serve", "--port", "0"],
        env={**os.environ, "REGARD_DATA_DIR": data},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.search(r"http://\S+", line):
            return process, found.group(0)
    raise SystemExit("The server did not start.")


def take(address: str, password: str, pages: dict[str, tuple[str, str, tuple[str, ...]]]) -> None:
    """Open every page in every look and keep what is seen."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        for name, (role, path, looks) in pages.items():
            for look in looks:
                page = browser.new_context(**LOOKS[look], locale="en-GB").new_page()
                page.goto(f"{address}/sign-in/?next={path.replace('?', '%3F')}")
                page.fill("[name=email]", f"{role}@pictures.example")
                page.fill("[name=password]", password)
                page.click("button.btn")
                page.wait_for_selector("main h1")
                page.screenshot(path=PICTURES / f"{name}-{look}.png", full_page=look != "phone")
                page.context.close()
                print(PICTURES / f"{name}-{look}.png")
        browser.close()


def main() -> None:
    """Make the data where none are given, serve them, and take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", help="a data folder that is there already")
    parser.add_argument("--customers", default="20000")
    parser.add_argument("--airport", action="store_true", help="pictures of the real airport survey")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = args.data or folder
        if not args.data:
            regard("sample", *(["--airport"] if args.airport else ["--customers", args.customers]), data=data)
        password = secrets.token_urlsafe(12)
        for role in ("executive", "manager", "administrator"):
            regard(
                "user",
                "add",
                f"{role}@pictures.example",
                "--role",
                role,
                "--name",
                role.title(),
                "--password",
                password,
                data=data,
            )
        process, address = serve(data)
        try:
            take(address, password, AIRPORT if args.airport else PAGES)
        finally:
            process.terminate()
            process.wait(30)
            for role in ("executive", "manager", "administrator"):
                regard("user", "remove", f"{role}@pictures.example", data=data)


if __name__ == "__main__":
    main()
