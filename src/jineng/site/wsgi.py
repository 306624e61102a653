"""The WSGI application that granian serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import reverse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jineng.site.settings")
application = get_wsgi_application()
reverse("home")
# What is loaded by now stays for good: the collector need not walk it again in the middle of a page.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 50)
