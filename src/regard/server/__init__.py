"""Mounts everything: settings, addresses, the ASGI router and the workers."""
