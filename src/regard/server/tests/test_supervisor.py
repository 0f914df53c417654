from __future__ import annotations

import threading

import pytest

from regard.kernel.errors import InvalidInput
from regard.server.supervisor import listen


@pytest.mark.parametrize("port", [-1, 65536, 99999])
def test_a_port_that_cannot_be_is_refused(port: int) -> None:
    with pytest.raises(InvalidInput, match="0 to 65535"):
        listen("127.0.0.1", port)


def test_a_port_that_is_let_go_a_moment_later_is_taken() -> None:
    held = listen("127.0.0.1", 0)
    threading.Timer(0.3, held.close).start()
    with listen("127.0.0.1", held.getsockname()[1]) as taken:
        assert taken.getsockname()[1] > 0
