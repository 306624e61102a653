"""Reads {known, documents} from standard input and writes, for each document, whether `openvc-core` accepts it."""

import json
import sys
from datetime import UTC, datetime

from openvc.proof.data_integrity import DataIntegrityProofSuite
from openvc.proof.di_jcs import EddsaJcsProofSuite

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)


def accepted(document, known):
    try:
        if document["proof"]["cryptosuite"] == "eddsa-jcs-2022":
            EddsaJcsProofSuite().verify(document, now=NOW)
        else:
            DataIntegrityProofSuite().verify(document, now=NOW, extra_contexts=known)
    except Exception as error:
        return {"verified": False, "error": f"{type(error).__name__}: {error}"}
    return {"verified": True, "error": None}


given = json.load(sys.stdin)
print(json.dumps([accepted(document, given["known"]) for document in given["documents"]]))
