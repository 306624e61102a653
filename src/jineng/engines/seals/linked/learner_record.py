"""The context of the Comprehensive Learner Record 2.0 (1EdTech), told from a table of its words.

No package carries the published document, so its meanings are written out here; a test holds them to its digest.
"""

from __future__ import annotations

from typing import Any

CLR = "https://purl.imsglobal.org/spec/vc/clr/vocab.html#"
_NAMES = {"id": "@id", "type": "@type"}
_SUBJECT = {
    "achievement": ("achievement", "obi:Achievement"),
    "association": ("association", f"{CLR}Association"),
    "verifiableCredential": ("verifiableCredential", "cred:verifiableCredential"),
    "identifier": ("identifier-1", "obi:Identifier"),
}
"""Words within a record's subject: what each means, and the type of its values; all may be given more than once."""
_PREFIXES = {
    "cred": "https://www.w3.org/2018/credentials#",
    "obi": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#",
}
_LINKED = ("sourceId", "targetId")


def context() -> dict[str, Any]:
    """The document. It declares no prefix `xsd`; that is kept, since everybody else reads it so, too."""
    subject = {
        word: {"@id": CLR + meaning, "@type": kind, "@container": "@set"} for word, (meaning, kind) in _SUBJECT.items()
    }
    association = {word: {"@id": CLR + word, "@type": "xsd:anyURI"} for word in _LINKED}
    kinds = {
        "ClrCredential": {**_NAMES, "partial": {"@id": f"{CLR}partial", "@type": "xsd:boolean"}},
        "ClrSubject": {**_NAMES, **_PREFIXES, **subject},
        "Association": {"associationType": {"@id": f"{CLR}AssociationType"}, **association},
    }
    return {"@context": {**_NAMES, **{kind: {"@id": CLR + kind, "@context": told} for kind, told in kinds.items()}}}
