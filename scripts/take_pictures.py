#!/usr/bin/env python3
"""Takes the pictures of the docs: every page, light and dark, on a desktop and on a phone, of a made-up company
and of the real airport survey.

    python scripts/take_pictures.py [--data FOLDER] [--only NAME...]

A page is added by a line in PAGES. Without a folder a sample company is made in a temporary one. Needs Chromium and the
parts that tests need. A picture may weigh 150 kB, all of them together 3 MB.
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
from urllib.parse import quote

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
LARGEST, LARGEST_TOTAL = 150_000, 3_000_000
DESKTOP, PHONE = {"width": 1180, "height": 780}, {"width": 360, "height": 720}
LOOKS = {
    "light": {"viewport": DESKTOP, "color_scheme": "light"},
    "dark": {"viewport": DESKTOP, "color_scheme": "dark"},
    "phone": {"viewport": PHONE, "color_scheme": "light"},
    "phone-dark": {"viewport": PHONE, "color_scheme": "dark"},
}
# The picture's name, who looks, and where; {customer} is a customer with a history. Signing in is looked at by nobody.
PAGES = {
    "sign-in": ("", "/sign-in/"),
    "executive": ("executive", "/?days=365&source=sample"),
    "figure": ("executive", "/figures/csat/?days=365&source=sample&where=stage%3Dhelp"),
    "behind": ("analyst", "/figures/csat/?days=365&source=sample&where=stage%3Dhelp#behind"),
    "manager": ("manager", "/?source=sample"),
    "frontline": ("frontline", "/?source=sample"),
    "analyst": ("analyst", "/?days=365&source=sample"),
    "customers": ("frontline", "/customers/"),
    "customer": ("frontline", "/customers/{customer}/"),
    "cases": ("manager", "/cases/"),
    "explorer": ("analyst", "/explore/?metric=csat&by=channel&every=month"),
    "metrics": ("analyst", "/metrics/?q=nps"),
    "administrator": ("administrator", "/?days=365&source=sample"),
    "members": ("administrator", "/members/"),
    "units": ("administrator", "/units/"),
    "sources": ("administrator", "/sources/"),
    "stages": ("administrator", "/stages/"),
    "operations": ("administrator", "/operations/"),
    "account": ("executive", "/account/"),
    "airport": ("executive", "/?days=all&source=airport"),
}
ROLES = sorted({role for role, _ in PAGES.values() if role})


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
        if found := re.search(r"http://127\S+:\d+", line):
            return process, found.group(0)
    raise SystemExit("The server did not start.")


def take(address: str, password: str, names: list[str]) -> None:
    """Open every page in every look and keep what is seen."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        customer = find_customer(browser, address, password)
        for name in names:
            role, path = PAGES[name]
            for look, given in LOOKS.items():
                context = browser.new_context(**given, locale="en-GB")  # type: ignore[arg-type]
                page = context.new_page()
                goal = path.format(customer=customer)
                if role:
                    sign_in(page, address, role, password)
                page.goto(address + goal)
                page.wait_for_load_state("load")
                target = PICTURES / f"{name}-{look}.png"
                page.screenshot(path=target)
                lighten(target)
                context.close()
                print(f"{target.name}: {target.stat().st_size / 1000:.0f} kB")
        browser.close()


def lighten(picture: Path) -> None:
    """Keep 96 colours: pages have few, and documents stay light."""
    with Image.open(picture) as full:
        full.convert("RGB").quantize(96, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(
            picture, optimize=True
        )


def find_customer(browser: Browser, address: str, password: str) -> str:
    """The number of a customer who answered lately."""
    page = browser.new_page()
    sign_in(page, address, "analyst", password)
    page.goto(address + "/figures/csat/?days=all&source=sample")
    links = page.eval_on_selector_all("#behind a[href*='/customers/']", "all => all.map(a => a.pathname)")
    page.close()
    return str(links[0]).strip("/").rsplit("/", 1)[1] if links else "1"


def sign_in(page: Page, address: str, role: str, password: str) -> None:
    """Sign in through the form."""
    page.goto(f"{address}/sign-in/?next={quote('/account/')}")
    page.fill("[name=email]", f"{role}@pictures.example")
    page.fill("[name=password]", password)
    page.click("button.btn")
    page.wait_for_selector("main h1")


def check_sizes() -> None:
    """Refuse pictures that make the documents heavy."""
    sizes = {picture.name: picture.stat().st_size for picture in PICTURES.glob("*.png")}
    large = [name for name, size in sizes.items() if size > LARGEST]
    print(f"{len(sizes)} pictures, {sum(sizes.values()) / 1e6:.2f} MB")
    if large or sum(sizes.values()) > LARGEST_TOTAL:
        raise SystemExit(f"Too heavy: {', '.join(large) or 'all together'}")


def main() -> None:
    """Make the data where none are given, serve them, and take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", help="a data folder that is there already")
    parser.add_argument("--customers", default="4000")
    parser.add_argument("--only", nargs="*", default=list(PAGES), choices=list(PAGES), metavar="NAME")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = args.data or folder
        if not args.data:
            regard("sample", "--customers", args.customers, data=data)
            regard("sample", "--airport", data=data)
        password = secrets.token_urlsafe(12)
        for role in ROLES:
            who = (f"{role}@pictures.example", "--role", role, "--name", role.title())
            regard("user", "add", *who, "--password", password, data=data)
        process, address = serve(data)
        try:
            take(address, password, args.only)
        finally:
            process.terminate()
            process.wait(30)
            for role in ROLES:
                regard("user", "remove", f"{role}@pictures.example", data=data)
    check_sizes()


if __name__ == "__main__":
    main()
