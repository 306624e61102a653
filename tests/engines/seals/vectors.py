"""Published test material, read from `shared/vectors` beside the checkout where it lies there.

`vc-di-eddsa` is the folder `TestVectors` of github.com/w3c/vc-di-eddsa (with `contexts/citizenship-v4rc1.json`, from
npm `@digitalbazaar/citizenship-context`), `rdf-canon` the folder `tests` of github.com/w3c/rdf-canon: both under the
W3C licences, and not part of this repository. `JINENG_VECTORS` names another folder.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

FOLDER = Path(os.environ.get("JINENG_VECTORS") or Path(__file__).parents[4] / "shared/vectors")


def text(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def value(name: str) -> Any:
    return json.loads(text(name))
