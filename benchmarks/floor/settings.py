"""The site's settings with one page more."""

from jineng.site.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.floor.urls"
