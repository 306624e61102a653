"""Write the API's description into the documentation: ``python -m tests.rights.refresh``."""

from __future__ import annotations

import json
import os

from tests.arch.source import ROOT

SNAPSHOT = ROOT / "docs" / "reference" / "openapi.json"


def described() -> str:
    """The OpenAPI description as the snapshot holds it."""
    from jineng.site.api import api

    schema = api.get_openapi_schema()
    return json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jineng.site.settings")
    import django

    django.setup()
    SNAPSHOT.parent.mkdir(parents=True, exist_ok=True)
    SNAPSHOT.write_text(described(), encoding="utf-8")
