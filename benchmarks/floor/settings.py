"""The site's settings with one page more."""

from jineng.site.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.floor.urls"
ALLAUTH_TRUSTED_PROXY_COUNT = 1
"""A caller says whence it comes, so that one machine can be many."""
