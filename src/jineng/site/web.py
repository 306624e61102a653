"""`python -m jineng.site.web`: granian, with the site loaded before it divides into its workers.

The workers then share what is loaded, by memory and by time: one process reads the site's modules instead of each
worker, and a worker that has to be replaced is there at once. Loading opens no connection and starts no thread, which a
fork would not carry over; a test holds it to that.
"""

from __future__ import annotations

from granian.cli import entrypoint

from jineng.site.wsgi import application

__all__ = ["application"]

if __name__ == "__main__":
    entrypoint()  # type: ignore[no-untyped-call]
