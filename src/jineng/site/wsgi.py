"""The WSGI application that granian serves."""

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING

from django.core.wsgi import get_wsgi_application
from django.urls import reverse

if TYPE_CHECKING:
    from jineng.kernel.web.stateless import StatelessPages


def _site() -> StatelessPages:
    site = get_wsgi_application()
    # What knows tables can be imported once the site has set itself up.
    from jineng.admissions.web import results
    from jineng.credentials import public_api
    from jineng.credentials.web import verifying
    from jineng.kernel.web.early import EarlyViews
    from jineng.kernel.web.sessionless import SessionlessViews
    from jineng.kernel.web.stateless import StatelessPages

    early = EarlyViews(
        SessionlessViews(site, reverse("own_home")),
        {
            ("GET", reverse("verify")): verifying.early_verify_number,
            ("POST", reverse("api:verify_number")): public_api.early_number,
            ("POST", reverse("api:verify_credential")): public_api.early_credential,
        },
    )
    return StatelessPages(early, {reverse("admission_results"): results.page})


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jineng.site.settings")
application = _site()
# What is loaded by now stays for good: the collector need not walk it again in the middle of a page.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 50)
