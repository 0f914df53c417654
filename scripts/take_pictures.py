#!/usr/bin/env python3
"""Takes the pictures of the docs: every page, light and dark, on a desktop and on a phone, of a made-up company
and of the real airport survey.

    python scripts/take_pictures.py [--data FOLDER] [--only NAME...]

A page is added by a line in PAGES. Without a folder a made-up company is made in a temporary one, with cases to work on. Needs
Chromium and the parts that tests need. A picture may weigh 150 kB, all of them together 4 MB.
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
from playwright.sync_api import Browser, Page, StorageState, sync_playwright

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
LARGEST, LARGEST_TOTAL = 150_000, 4_000_000
DESKTOP, PHONE = {"width": 1180, "height": 780}, {"width": 360, "height": 720}
LOOKS = {
    "light": {"viewport": DESKTOP, "color_scheme": "light"},
    "dark": {"viewport": DESKTOP, "color_scheme": "dark"},
    "phone": {"viewport": PHONE, "color_scheme": "light"},
    "phone-dark": {"viewport": PHONE, "color_scheme": "dark"},
}
# The picture's name, who looks, and where; {customer} is a customer with a history, {case} an open case. Signing in is
# looked at by nobody. A file is brought before its page is looked at.
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
    "case": ("manager", "/cases/{case}/"),
    "explorer": ("analyst", "/explore/?metric=csat&by=channel&every=month"),
    "questions": ("analyst", "/explore/?metric=mean_score&by=metric&days=all#h-chart"),
    "metrics": ("analyst", "/metrics/?q=nps"),
    "import": ("analyst", "/import/"),
    "administrator": ("administrator", "/?days=365&source=sample"),
    "members": ("administrator", "/members/"),
    "units": ("administrator", "/units/"),
    "sources": ("administrator", "/sources/"),
    "settings": ("administrator", "/settings/"),
    "stages": ("administrator", "/stages/"),
    "rules": ("administrator", "/cases/rules/"),
    "quarantine": ("administrator", "/operations/quarantine/"),
    "readings": ("administrator", "/readings/"),
    "erase": ("administrator", "/erasures/customers/{customer}/"),
    "operations": ("administrator", "/operations/"),
    "account": ("executive", "/account/"),
    "airport": ("executive", "/?days=all&source=airport"),
}
# Made-up answers open no cases by themselves.
OPEN_CASES = """
from datetime import UTC, datetime
from regard.webkit.boot import setup; setup()
from regard.apps.cases.trial import open_trial_cases
open_trial_cases(now=datetime.now(UTC))
"""
BROUGHT = "import"
FILE = """Order no,Ordered on,E-mail,Total,Currency,Channel,Rating,What did you think?
58120,2026-05-14,anna@mail.example,86.40,EUR,Web,2,Third time the parcel is late.
58121,2026-05-14,jan@mail.example,19.90,EUR,App,5,Quick and friendly.
58122,2026-05-15,mariam@mail.example,240.00,EUR,Store,4,
58123,2026-05-16,nikos@mail.example,12.50,EUR,Web,1,Nobody told me.
58124,soon,ola@mail.example,33.00,EUR,Web,5,All well.
"""
ROLES = sorted({role for role, _ in PAGES.values() if role})


def regard(*words: str, data: str) -> None:
    """Run one command over the data folder."""
    run("-m", "regard.cli.main", *words, data=data)


def run(*words: str, data: str) -> None:
    """Run Python over the data folder."""
    subprocess.run([sys.executable, *words], env={**os.environ, "REGARD_DATA_DIR": data}, check=True)


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
        signed_in = {role: sign_in(browser, address, role, password) for role in ROLES}
        places = find_places(browser.new_context(storage_state=signed_in["analyst"]).new_page(), address)
        for name in names:
            role, path = PAGES[name]
            for look, given in LOOKS.items():
                state = signed_in[role] if role else None
                context = browser.new_context(**given, locale="en-GB", storage_state=state)  # type: ignore[arg-type]
                page = context.new_page()
                page.goto(address + path.format(**places))
                if name == BROUGHT:
                    bring_file(page)
                page.wait_for_load_state("load")
                target = PICTURES / f"{name}-{look}.png"
                page.screenshot(path=target)
                lighten(target)
                context.close()
                print(f"{target.name}: {target.stat().st_size / 1000:.0f} kB")
        browser.close()


def bring_file(page: Page) -> None:
    """Drop a file, so that its columns can be looked at."""
    page.set_input_files(
        "input[type=file]", {"name": "orders.csv", "mimeType": "text/csv", "buffer": FILE.encode()}
    )
    page.wait_for_url(re.compile(r"/import/\d+/"))


def lighten(picture: Path) -> None:
    """Keep 96 colours: pages have few, and documents stay light."""
    with Image.open(picture) as full:
        full.convert("RGB").quantize(96, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(
            picture, optimize=True
        )


def find_places(page: Page, address: str) -> dict[str, str]:
    """The numbers of a customer who answered lately and of an open case."""

    def first(path: str, links: str) -> str:
        page.goto(address + path)
        found = page.eval_on_selector_all(links, "all => all.map(a => a.pathname)")
        return str(found[0]).strip("/").rsplit("/", 1)[1] if found else "1"

    customer = first("/figures/csat/?days=all&source=sample", "#behind a[href*='/customers/']")
    case = first("/cases/?view=all", ".items a[href^='/cases/']")
    page.context.close()
    return {"customer": customer, "case": case}


def sign_in(browser: Browser, address: str, role: str, password: str) -> StorageState:
    """Sign in through the form. Returns: what the browser keeps of it."""
    page = browser.new_page()
    page.goto(f"{address}/sign-in/?next={quote('/account/')}")
    page.fill("[name=email]", f"{role}@pictures.example")
    page.fill("[name=password]", password)
    page.click("button.btn")
    page.wait_for_selector("main h1")
    state = page.context.storage_state()
    page.context.close()
    return state


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
            regard("user", "add", *who, f"--password={password}", data=data)
        if not args.data:
            run("-c", OPEN_CASES, data=data)
        process, address = serve(data)
        try:
            take(address, password, args.only)
        finally:
            process.terminate()
            process.wait(30)
            for role in ROLES if args.data else ():
                regard("user", "remove", f"{role}@pictures.example", data=data)
    check_sizes()


if __name__ == "__main__":
    main()
