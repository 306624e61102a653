"""JSON-LD by pinned contexts: the same statements as an independent implementation, and nothing dropped."""

from __future__ import annotations

import hashlib
import random
from typing import Any
from unittest import mock

import pyoxigraph as oxigraph
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyld import jsonld
from tests.engines.seals import vectors
from tests.engines.seals.samples import OB, V2, badge, changed

from jineng.engines.seals.linked import CONFORMANCE, STANDARD, LinkedDataError, Quad, canonicalize, terms
from jineng.engines.seals.linked.expanding import DEEPEST, line, literal
from jineng.engines.seals.linked.pinned import CREDENTIALS_V2, Contexts, bundled_bytes

RECOMMENDED = "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734"
"""SHA-256 of the base context as W3C Verifiable Credentials 2.0, appendix B.1, prints it."""


def _load(address: str, options: Any) -> Any:
    document = CONFORMANCE.load(address)
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": address, "document": document}


_alike = jsonld.JsonLdProcessor.compare_values


def _alike_with_direction(one: Any, other: Any) -> bool:
    """PyLD (3.3.0) takes texts that differ in their direction only for one text and drops the second.

    JSON-LD 1.1 API, section 7.2 (node map generation, step 4.2) leaves out only values that are the same map, and
    section 8.2.2 (object to RDF conversion, step 11) makes different literals of them.
    """
    told = [value.get("@direction") if isinstance(value, dict) else None for value in (one, other)]
    return told[0] == told[1] and _alike(one, other)


def _theirs(document: Any) -> str:
    """What PyLD reads, in the canonical text that Oxigraph gives it."""
    options = {"format": "application/n-quads", "documentLoader": _load, "rdfDirection": "i18n-datatype"}
    with mock.patch.object(jsonld.JsonLdProcessor, "compare_values", _alike_with_direction):
        return _oxigraph(jsonld.to_rdf(document, options))


def _oxigraph(text: str) -> str:
    dataset = oxigraph.Dataset(oxigraph.parse(text, format=oxigraph.RdfFormat.N_QUADS))
    dataset.canonicalize(oxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    written = oxigraph.serialize(dataset, format=oxigraph.RdfFormat.N_QUADS)
    assert written is not None
    return "".join(sorted(f"{row}\n" for row in written.decode().split("\n") if row))


def _ours(document: Any) -> str:
    return canonicalize(CONFORMANCE.quads(document))


def test_the_base_context_is_the_published_one() -> None:
    assert hashlib.sha256(bundled_bytes(CREDENTIALS_V2)).hexdigest() == RECOMMENDED


def test_a_badge_says_what_pyld_reads() -> None:
    document = badge()
    assert canonicalize(STANDARD.quads(document)) == _theirs(document)


TEXT = st.text(st.characters(codec="utf-8"), max_size=6)
ADDRESS = st.sampled_from(["urn:a", "https://b.example/x?y#z", "did:example:c"])
TAGGED = st.fixed_dictionaries(
    {"@value": TEXT},
    optional={"@language": st.sampled_from(["en", "zh-CN"]), "@direction": st.sampled_from(["ltr", "rtl"])},
)
NAMES = TEXT | TAGGED | st.lists(TAGGED, min_size=1, max_size=2)
CRITERIA = st.fixed_dictionaries({"narrative": TEXT}, optional={"id": ADDRESS}) | ADDRESS
ACHIEVEMENT = st.fixed_dictionaries(
    {"type": st.just(["Achievement"])},
    optional={
        "id": ADDRESS,
        "name": NAMES,
        "description": NAMES,
        "criteria": CRITERIA,
        "creditsAvailable": st.floats(-1e6, 1e6) | st.integers(-99, 99),
        "tag": st.lists(TEXT, min_size=1, max_size=3, unique=True),
        "resultDescription": st.lists(
            st.fixed_dictionaries(
                {"type": st.just(["ResultDescription"]), "name": TEXT},
                optional={"allowedValue": st.lists(TEXT, min_size=1, max_size=3, unique=True)},
            ),
            min_size=1,
            max_size=3,
        ),
    },
)
SUBJECT = st.fixed_dictionaries(
    {"type": st.just(["AchievementSubject"]), "achievement": ACHIEVEMENT},
    optional={
        "id": ADDRESS,
        "activityEndDate": st.just("2021-12-31"),
        "result": st.lists(st.fixed_dictionaries({"type": st.just(["Result"]), "value": TEXT}), min_size=1, max_size=3),
    },
)
DOCUMENTS = st.fixed_dictionaries(
    {
        "@context": st.just([V2, OB]),
        "type": st.permutations(["VerifiableCredential", "OpenBadgeCredential"]),
        "credentialSubject": SUBJECT | st.lists(SUBJECT, min_size=1, max_size=2),
    },
    optional={
        "id": ADDRESS,
        "name": NAMES,
        "issuer": ADDRESS | st.fixed_dictionaries({"id": ADDRESS, "name": TEXT}, optional={"type": st.just("Profile")}),
        "validFrom": st.just("2021-01-01T00:00:00Z"),
        "credentialSchema": st.fixed_dictionaries({"id": ADDRESS, "type": st.just("JsonSchema")}),
        "termsOfUse": st.fixed_dictionaries({"type": st.just("https://terms.example/t")}),
        "proof": st.fixed_dictionaries(
            {"type": st.just("DataIntegrityProof"), "proofPurpose": st.just("assertionMethod")}
        ),
    },
)


BOTH_WAYS = {
    "@context": [V2, OB],
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "credentialSubject": {"type": ["AchievementSubject"], "achievement": {"type": ["Achievement"]}},
    "name": [{"@value": "", "@direction": "ltr"}, {"@value": ""}, {"@value": "", "@direction": "rtl"}],
}
"""One empty text, said three ways: three statements."""


def test_texts_that_differ_in_direction_are_different_statements() -> None:
    rows = [row.split("name> ")[1] for row in _ours(BOTH_WAYS).split("\n") if "schema.org/name" in row]
    way = '""^^<https://www.w3.org/ns/i18n#_'
    assert rows == ['"" .', f"{way}ltr> .", f"{way}rtl> ."]
    twice = changed(BOTH_WAYS, "name", [BOTH_WAYS["name"][0], *BOTH_WAYS["name"]])  # type: ignore[index]
    assert _ours(twice) == _ours(BOTH_WAYS)


@given(DOCUMENTS)
@example(BOTH_WAYS)
@settings(deadline=None, max_examples=40)
def test_any_badge_says_what_pyld_reads(document: Any) -> None:
    assert _ours(document) == _theirs(document)


@pytest.mark.parametrize(
    "document",
    [
        {"@context": [V2, "https://www.w3.org/ns/credentials/examples/v2"], "type": "Some", "anything": ["x", 1, True]},
        {"@context": {"@vocab": "urn:v#", "@language": "EN"}, "a": "x", "b": {"@value": "y", "@type": "urn:t"}},
        {"@context": {"p": {"@id": "urn:p/", "@prefix": True}}, "p:q": {"@id": "p:r", "p:s": 1.0}},
        {"@context": {"p": "urn:p/", "x": {"@id": "p:x", "@type": "p:t"}}, "x": [1, 2.5, "z", False]},
        {"@context": {"x": {"@id": "urn:x", "@container": "@list"}}, "x": ["a", {"@id": "urn:b"}, 1e30, "a"]},
        {"@context": {"x": {"@id": "urn:x", "@type": "@json"}}, "x": {"b": [1.0, None, {}], "a": "€"}},
        {"@context": {"x": {"@id": "urn:x", "@type": "http://www.w3.org/2001/XMLSchema#double"}}, "x": [3, 0.1]},
        {"@context": {"x": {"@id": "urn:x", "@language": None}, "@language": "en", "y": "urn:y"}, "x": "a", "y": "b"},
        {
            "@context": {"T": {"@id": "urn:T", "@context": {"a": "urn:a"}}, "c": "urn:c", "b": "urn:b"},
            "@type": "T",
            "a": {"b": "left behind"},
            "c": {"@type": "T", "a": 1},
        },
        {
            "@context": {"T": {"@id": "urn:T", "@context": {"@propagate": True, "a": "urn:a"}}, "c": "urn:c"},
            "@type": "T",
            "c": {"a": 1},
        },
        {"@context": {"p": {"@id": "u:p", "@context": {"q": "u:q"}}}, "p": {"q": {"@context": {"r": "u:r"}, "r": 1}}},
        {"@context": {"g": {"@id": "urn:g", "@container": "@graph"}, "n": "urn:n"}, "g": [{"n": 1}, {"n": 2}]},
        {"@context": {"@direction": "rtl", "x": "u:x", "y": {"@id": "u:y", "@direction": "ltr"}}, "x": "a", "y": "b"},
        {"@context": {"T": {"@id": "urn:T", "@context": [None, {"a": "urn:a"}]}, "b": "urn:b"}, "@type": "T", "a": 1},
        {"@context": {"a": None, "x": "urn:x"}, "x": 1},
        {"@context": {"@vocab": "urn:v#", "x": {"@type": "@id"}}, "x": "urn:b"},
        {"@context": {"x": "urn:x"}, "x": {"@value": 1, "@type": "urn:t"}},
    ],
)  # fmt: skip
def test_what_contexts_can_say_is_read_as_pyld_reads_it(document: Any) -> None:
    assert _ours(document) == _theirs(document)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("grade", "优"),
        ("credentialSubject/grade", "优"),
        ("credentialSubject/achievement/grade", "优"),
        ("credentialSubject/result/0/grade", "优"),
        ("issuer/grade", "优"),
        ("urn:grade", "优"),
        ("schema:grade", "优"),
        ("@graph", []),
        ("@reverse", {"issuer": "urn:x"}),
        ("@included", []),
        ("name", "\ud800"),
        ("name", None),
        ("name", []),
        ("name", ["x", "x"]),
        ("name", [["x"]]),
        ("name", {"@value": "x", "extra": 1}),
        ("name", {"@value": "x", "@language": "not a tag"}),
        ("name", {"@value": "x", "@type": "@json"}),
        ("name", {"@value": None}),
        ("name", {"@list": ["x"]}),
        ("name", {"@set": ["x"]}),
        ("id", "relative"),
        ("id", "_:b0"),
        ("id", ["urn:a", "urn:b"]),
        ("id", "urn:with space"),
        ("id", "urn:with>bracket"),
        ("issuer/id", "relative"),
        ("type", "Undefined"),
        ("type", []),
        ("type", [1]),
        ("type", ["VerifiableCredential", "VerifiableCredential"]),
        ("credentialSubject/achievement/type", ["Achievement", "Undefined"]),
        ("@context", [V2, "https://elsewhere.example/context"]),
        ("@context", [V2, OB, {"grade": "https://elsewhere.example/grade"}]),
        ("credentialSubject/@context", {"grade": "https://elsewhere.example/grade"}),
        ("credentialSubject/@context", None),
        ("@context", 7),
    ],
)
def test_what_has_no_pinned_meaning_is_refused(path: str, value: Any) -> None:
    STANDARD.quads(badge())
    with pytest.raises(LinkedDataError):
        STANDARD.quads(changed(badge(), path, value))


@pytest.mark.parametrize(
    "context",
    [
        [V2, {"name": "urn:name"}],
        [V2, {"VerifiableCredential": "urn:x"}],
        [V2, None],
        {"a": "b", "b": "a"},
        {"a": {"@id": "urn:a", "@container": "@index"}},
        {"a": {"@reverse": "urn:a"}},
        {"a": "@value"},
        {"a": {"@id": 7}},
        {"a": 7},
        {"a": {"@id": "urn:a", "@type": 7}},
        {"a": {"@id": "urn:a", "@type": "relative"}},
        {"@base": "https://b.example/"},
        {"@import": V2},
        {"@version": 1.0},
        {"@vocab": "relative"},
        {"@protected": "yes"},
        {"@propagate": 1},
        {"@language": "no tag"},
        {"@direction": "up"},
        {"@foo": "urn:x"},
        {"": "urn:x"},
        {"a": {"@id": "urn:a", "@language": 1}},
        {"a": {"@id": "urn:a", "@direction": 1}},
        {"a": {"@id": "urn:a", "@protected": "yes"}},
        {"a": {"@type": "@id"}},
        {"a": "relative"},
        {"@context": {"a": "urn:a"}, "b": "urn:b"},
        7,
    ],
)
def test_contexts_that_are_not_understood_are_refused(context: Any) -> None:
    with pytest.raises(LinkedDataError):
        CONFORMANCE.quads({"@context": context, "@id": "urn:x"})


def test_contexts_that_lead_back_to_themselves_are_refused() -> None:
    looped = CONFORMANCE.with_more({"urn:1": {"@context": "urn:2"}, "urn:2": {"@context": ["urn:1"]}})
    with pytest.raises(LinkedDataError, match="back to itself"):
        looped.quads({"@context": "urn:1", "@id": "urn:x"})
    with pytest.raises(LinkedDataError, match="no context"):
        CONFORMANCE.with_more({"urn:1": []}).quads({"@context": "urn:1"})


def test_a_context_of_ones_own_may_come_wrapped_as_published_ones_are() -> None:
    plain, body = {"word": "https://example.org/word"}, {"@id": "urn:x", "word": "told"}
    told = CONFORMANCE.quads({"@context": [plain], **body})
    for wrapped in ({"@context": plain}, [{"@context": plain}]):
        assert CONFORMANCE.quads({"@context": wrapped, **body}) == told
        with pytest.raises(LinkedDataError, match="must be one that is known here"):
            STANDARD.quads({"@context": wrapped, **body})


def test_documents_nested_beyond_reason_are_refused() -> None:
    document: Any = {"@id": "urn:x"}
    for _ in range(50):
        document = {"urn:p:p": document}
    with pytest.raises(LinkedDataError):
        CONFORMANCE.quads({"@context": {"urn": {"@id": "urn:", "@prefix": True}}, **document})
    with pytest.raises(LinkedDataError, match="object"):
        STANDARD.quads(["x"])


NODES = st.sampled_from(["_:a", "_:b", "_:c", "_:d", "<urn:x>", "<urn:y>"])
GRAPHS = st.sampled_from(["", "", "_:a", "_:e", "<urn:g>"])
QUADS = st.lists(
    st.tuples(NODES, st.sampled_from(["<urn:p>", "<urn:q>"]), NODES | st.just(literal("x")), GRAPHS), max_size=9
)


@given(QUADS, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=60)
def test_datasets_have_the_canonical_text_that_oxigraph_gives_them(quads: list[Quad], chance: random.Random) -> None:
    text = canonicalize(quads)
    assert text == _oxigraph("".join(map(line, quads)))
    new = dict(zip(["_:a", "_:b", "_:c", "_:d", "_:e"], chance.sample([f"_:n{n}" for n in range(5)], 5), strict=True))
    renamed = [(new.get(s, s), p, new.get(o, o), new.get(g, g)) for s, p, o, g in quads]
    assert canonicalize(chance.sample(renamed, len(renamed))) == text


def test_alike_nodes_that_would_take_years_are_refused() -> None:
    nodes = [f"_:n{n}" for n in range(10)]
    everyone = [(one, "<urn:knows>", other, "") for one in nodes for other in nodes if one != other]
    with pytest.raises(LinkedDataError, match="alike"):
        canonicalize(everyone)


CANON = vectors.FOLDER / "rdf-canon/rdfc10"


def _parse(text: str) -> list[Quad]:
    rows = [_terms(row) for row in text.split("\n") if row.strip() and not row.startswith("#")]
    return [(row[0], row[1], row[2], row[3] if len(row) > 3 else "") for row in rows]


def _terms(row: str) -> list[str]:
    """The terms of one line of N-Quads without escapes beyond those of canonical form."""
    found, rest = [], row.strip()
    while rest not in (".", ""):
        if rest[0] == '"':
            end = 1
            while rest[end] != '"':
                end += 2 if rest[end] == "\\" else 1
            tail = rest[end + 1 :].split(" ", 1)[0]
            term = rest[: end + 1 + len(tail)]
        else:
            term = rest[: rest.index(">") + 1] if rest[0] == "<" else rest.split(" ", 1)[0]
        found.append(term)
        rest = rest[len(term) :].strip()
    return found


@pytest.mark.skipif(not CANON.exists(), reason="no published vectors beside the checkout")
def test_vectors_of_rdf_canon() -> None:
    entries = vectors.value("rdf-canon/manifest.jsonld")["entries"]
    done = 0
    for entry in entries:
        # 060 tests readers of escapes, and 075 and 076 another hash.
        if entry.get("hashAlgorithm") or entry["id"] in ("#test060c",):
            continue
        quads = _parse(vectors.text(f"rdf-canon/{entry['action']}"))
        if entry["type"] == "rdfc:RDFC10NegativeEvalTest":
            with pytest.raises(LinkedDataError):
                canonicalize(quads)
        elif entry["type"] == "rdfc:RDFC10EvalTest":
            assert canonicalize(quads) == vectors.text(f"rdf-canon/{entry['result']}"), entry["id"]
        else:
            continue
        done += 1
    assert done == 63


@pytest.mark.parametrize(
    "document",
    [
        {"@context": {"t": "@type"}, "t": "urn:A", "@type": "urn:B"},
        {"@context": {"t": "@type", "T": {"@id": "urn:T", "@context": {"t": "urn:t"}}}, "t": "T"},
        {"@context": {"g": {"@id": "urn:g", "@container": "@graph"}}, "g": "x"},
        {"@context": {"x": {"@id": "urn:x", "@type": "@id"}}, "x": "no address"},
        {"@context": {"x": "urn:x"}, "x": {"@value": "a", "@type": "urn:t", "@language": "en"}},
        {"@context": {"x": "urn:x"}, "x": {"@value": "a", "@direction": "up"}},
        {"@context": {"x": "urn:x"}, "x": {"@value": 1, "@language": "en"}},
        {"@context": {"x": {"@id": "urn:x", "@type": "@json"}}, "x": float("nan")},
    ],
)
def test_values_that_are_not_understood_are_refused(document: Any) -> None:
    with pytest.raises(LinkedDataError):
        CONFORMANCE.quads(document)


def test_what_is_nested_too_deep_is_refused() -> None:
    deep: Any = "x"
    for _ in range(DEEPEST + 2):
        deep = {"a": deep}
    with pytest.raises(LinkedDataError, match="nested"):
        CONFORMANCE.quads({"@context": {"a": "urn:a"}, **deep})


def test_with_nothing_remembered_the_same_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    told = STANDARD.quads(badge())
    monkeypatch.setattr(terms, "_MOST_DERIVED", 0)
    assert Contexts().quads(badge()) == told


def test_a_key_is_looked_up_once() -> None:
    active = terms.ActiveContext(CONFORMANCE.load).with_context({"x": "urn:x"})
    assert active.entry("x") == active.entry("x") == (terms.Term("urn:x"), "<urn:x>", True)
    assert active.entry("y") == (None, "", False)
    assert repr(terms.Term("urn:x").language) == "unset"


@pytest.mark.parametrize("edges", ["03 04 14 23 32 42", "01 04 13 20 31 34 42"])
def test_paths_that_cannot_be_the_least_are_left(edges: str) -> None:
    quads = sorted((f"_:n{one}", "<urn:p>", f"_:n{other}", "") for one, other in edges.split())
    text = "".join(line(quad) for quad in quads)
    assert canonicalize(quads) == _oxigraph(text)
