from __future__ import annotations

import pytest

from regard.kernel.errors import InvalidInput
from regard.server.supervisor import listen


@pytest.mark.parametrize("port", [-1, 65536, 99999])
def test_a_port_that_cannot_be_is_refused(port: int) -> None:
    with pytest.raises(InvalidInput, match="0 to 65535"):
        listen("127.0.0.1", port)
