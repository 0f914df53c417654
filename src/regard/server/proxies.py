"""Who asks, where requests come through a proxy: an address that nobody can make up."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network


def read_networks(given: str) -> tuple[Network, ...]:
    """Addresses and networks from a list with commas. Raises: ValueError for what is neither.

    >>> [str(network) for network in read_networks("10.0.0.0/8, 127.0.0.1")]
    ['10.0.0.0/8', '127.0.0.1/32']
    """
    return tuple(ip_network(part.strip(), strict=False) for part in given.split(",") if part.strip())


def reader_address(peer: str, forwarded: str, trusted: Sequence[Network]) -> str:
    """The address of whoever asks: the last one in `forwarded` that no trusted proxy has, else the peer's own.

    Each proxy adds at the right whom it heard; what stands further left may be made up by the reader.

    Args:
        peer: who is connected with us; forwarded: the header X-Forwarded-For.

    >>> proxies = read_networks("10.0.0.0/8")
    >>> reader_address("10.0.0.1", "6.6.6.6, 203.0.113.7, 10.0.0.9", proxies)
    '203.0.113.7'
    >>> reader_address("198.51.100.2", "203.0.113.7", proxies)
    '198.51.100.2'
    """
    told = [peer, *reversed([part.strip() for part in forwarded.split(",") if part.strip()])]
    for address in told:
        if not _is_trusted(address, trusted):
            return address if _is_address(address) else peer
    return told[-1]


def _is_trusted(address: str, trusted: Sequence[Network]) -> bool:
    return _is_address(address) and any(ip_address(address) in network for network in trusted)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
