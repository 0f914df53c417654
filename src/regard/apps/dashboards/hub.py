"""The warehouse as the homes read it: the hub that all pages share."""

from regard.webkit.hub import Hub, hub

__all__ = ["Hub", "hub"]
