"""The floor under every page: an empty view in the very same site, behind the same middleware and the same door."""

ADDRESS = "/floor/"
OPEN_ADDRESS = "/floor/open/"
"""The same for anybody: no sign-in, no actor."""
