"""Reads {known, documents, now} from standard input and writes, for each document, whether `openvc-core` accepts it."""

import json
import sys
from datetime import datetime

from openvc.did.base import parse_did_document
from openvc.proof.data_integrity import DataIntegrityProofSuite
from openvc.proof.di_jcs import EddsaJcsProofSuite


class Handed:
    """Finds signers among the documents that were handed over."""

    def __init__(self, known):
        self.known = known

    def supports(self, did):
        return did in self.known

    def resolve(self, did):
        return parse_did_document(self.known[did])


def accepted(document, known, now):
    given = {"resolver": Handed(known), "now": now}
    try:
        if isinstance(document["proof"], dict) and document["proof"]["cryptosuite"] == "eddsa-jcs-2022":
            EddsaJcsProofSuite().verify(document, **given)
        else:
            DataIntegrityProofSuite().verify(document, **given, extra_contexts=known)
    except Exception as error:
        return {"verified": False, "error": f"{type(error).__name__}: {error}"}
    return {"verified": True, "error": None}


told = json.load(sys.stdin)
moment = datetime.fromisoformat(told["now"])
print(json.dumps([accepted(document, told["known"], moment) for document in told["documents"]]))
