"""The command `regard serve`."""

from __future__ import annotations

import argparse

DEMO_PATIENCE_SECONDS = 40.0


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `serve`."""
    serve = commands.add_parser("serve", help="run the server: pages, tracking API, projector and jobs")
    serve.add_argument(
        "--port", type=int, default=8000, help="port to listen on; 0 picks a free one (default: 8000)"
    )
    serve.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1, this machine only)"
    )
    serve.add_argument(
        "--demo",
        action="store_true",
        help="load the sample company and the airport survey, and print one login for each role",
    )
    serve.add_argument(
        "--demo-customers",
        type=int,
        default=4000,
        metavar="N",
        help="how many customers it has (default: 4000)",
    )
    serve.set_defaults(run=run_serve)


def run_serve(args: argparse.Namespace) -> int:
    """Run the server until Ctrl-C."""
    from regard.server.supervisor import Supervisor, listen
    from regard.webkit import boot

    listening = listen(args.host, args.port)
    host, port = listening.getsockname()[:2]
    boot.setup()
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"

    def when_ready() -> None:
        logins = prepare_demo(args.demo_customers) if args.demo else []
        announce(address)
        for line in logins:
            print(line, flush=True)

    Supervisor(listening).run(when_ready)
    return 0


def prepare_demo(n_customers: int) -> list[str]:
    """Load the sample company and the airport survey where they are not there yet. Returns: a line for each role with its login."""
    import subprocess
    import sys
    import time
    from datetime import UTC, datetime

    from django.db import connection

    from regard.apps.cases.trial import open_trial_cases
    from regard.apps.intake.queries import has_made_up_data
    from regard.apps.journal.queries import lag, slowest_position
    from regard.apps.organisation.services import ensure_demo_members

    if not has_made_up_data():
        begun = time.monotonic()
        for what in (["--customers", str(n_customers)], ["--airport"]):
            command = [sys.executable, "-m", "regard.cli.main", "sample", *what]
            if subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode:
                told = f"The sample could not be loaded; try: regard sample {' '.join(what)}"
                print(told, file=sys.stderr, flush=True)
        while lag(slowest_position()).n_segments and time.monotonic() - begun < DEMO_PATIENCE_SECONDS:
            time.sleep(0.3)
    lines = [
        f"  {member.role:14} {member.email:28} password {password}"
        for member, password in ensure_demo_members()
    ]
    open_trial_cases(now=datetime.now(UTC))
    connection.close()
    return ["A made-up retailer and a real airport survey are loaded. Sign in as:", *lines]


def announce(address: str) -> None:
    """Say where the server is and, on an empty one, what to do next."""
    from django.conf import settings
    from django.db import connection

    from regard.apps.organisation.queries import list_members

    print(f"Regard is at {address}  (data in {settings.REGARD.data_dir}; Ctrl-C stops)", flush=True)
    if not list_members():
        print("Nobody can sign in yet: regard user add EMAIL --role executive", flush=True)
    connection.close()
