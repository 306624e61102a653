"""The `jineng` command. Modules that cost time to load are loaded by the command that needs them."""

from jineng.site.cli.program import main

__all__ = ["main"]
