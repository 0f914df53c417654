"""The explorer: any metric by anything over any time. The whole question stands in the address."""
