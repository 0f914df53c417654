"""The command `regard serve`."""

from __future__ import annotations

import argparse


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `serve`."""
    serve = commands.add_parser("serve", help="run the server: pages, tracking API, projector and jobs")
    serve.add_argument(
        "--port", type=int, default=8000, help="port to listen on; 0 picks a free one (default: 8000)"
    )
    serve.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1, this machine only)"
    )
    serve.set_defaults(run=run_serve)


def run_serve(args: argparse.Namespace) -> int:
    """Run the server until Ctrl-C."""
    from regard.server.supervisor import Supervisor, listen

    listening = listen(args.host, args.port)
    host, port = listening.getsockname()[:2]
    from regard.webkit import boot

    boot.setup()
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    Supervisor(listening).run(lambda: announce(address))
    return 0


def announce(address: str) -> None:
    """Say where the server is and, on an empty one, what to do next."""
    from django.conf import settings

    from regard.apps.organisation.queries import list_members

    print(f"Regard is at {address}  (data in {settings.REGARD.data_dir}; Ctrl-C stops)", flush=True)
    if not list_members():
        print("Nobody can sign in yet: regard user add EMAIL --role executive", flush=True)
