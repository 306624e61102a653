"""Settings without any room, for tests of what stands beneath them."""

from jineng.site.database import django_databases

DATABASES = django_databases()
USE_TZ = True
