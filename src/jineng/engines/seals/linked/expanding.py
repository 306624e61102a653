"""From a JSON-LD document to its statements (quads), with nothing dropped: what has no meaning is refused.

Expansion and deserialization to RDF of JSON-LD 1.1 (API, sections 5.1 and 8.1) in one walk, with base IRI null and
text direction as `i18n-datatype`. JSON-LD drops what it does not know; here a key that no context defines, a type or
address that is no absolute IRI, a null, an empty list and a value given twice in one list are errors, so that the
document that is read and the statements that are signed are one and the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from jineng.engines.canonical import CanonicalError, canonical
from jineng.engines.seals.linked.terms import UNSET, ActiveContext, LinkedDataError, Term, is_language

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"
I18N = "https://www.w3.org/ns/i18n#"
DEEPEST = 40
_TYPE = f"<{RDF}type>"
_FIRST, _REST, _NIL = f"<{RDF}first>", f"<{RDF}rest>", f"<{RDF}nil>"
_DOUBLE, _EXPONENT_FROM = f"{XSD}double", 1e21
_ESCAPED = re.compile('[\x00-\x1f\x7f"\\\\\ufffe\uffff\ud800-\udfff]')
_SHORT = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


class Quad(NamedTuple):
    """One statement in the written forms of N-Quads; `graph` is empty for the default graph."""

    subject: str
    predicate: str
    object: str
    graph: str


def literal(text: str, datatype: str = "", language: str = "") -> str:
    """A literal as canonical N-Quads write it."""
    form = f'"{_ESCAPED.sub(_escape, text) if _ESCAPED.search(text) else text}"'
    if language:
        return f"{form}@{language}"
    return f"{form}^^<{datatype}>" if datatype else form


def _escape(found: re.Match[str]) -> str:
    char = found.group()
    if "\ud800" <= char <= "\udfff":
        raise LinkedDataError("text must be Unicode")
    return _SHORT.get(char) or f"\\u{ord(char):04X}"


def to_quads(document: Any, initial: ActiveContext) -> list[Quad]:
    """The statements of a document; each once, in no particular order. Raises LinkedDataError."""
    if not isinstance(document, dict):
        raise LinkedDataError("the document must be an object")
    walk = _Walk()
    walk.node(document, initial, "", 0)
    return list(dict.fromkeys(walk.quads))


class _Walk:
    def __init__(self) -> None:
        self.quads: list[Quad] = []
        self.blanks = 0

    def blank(self) -> str:
        self.blanks += 1
        return f"_:b{self.blanks - 1}"

    def node(self, given: dict[str, Any], active: ActiveContext, graph: str, depth: int) -> str:
        """Tell everything about one object into the graph; returns what it is called."""
        if depth > DEEPEST:
            raise LinkedDataError(f"nested beyond {DEEPEST} levels")
        if "@context" in given:
            active = active.with_context(given["@context"])
        outer = active
        types, keys = self._types(given, active)
        if types:
            active = active.for_types(types)
        quads = self.quads
        subject = ""
        later: list[tuple[str, str, Any]] = []
        typed = None
        for key, value in given.items():
            iri = keys[key] if key in keys else active.key_iri(key)
            if iri is None:
                raise LinkedDataError(f"no context known here defines {key!r}")
            if iri[0] != "@":
                later.append((key, iri, value))
            elif iri == "@id":
                if subject or not isinstance(value, str):
                    raise LinkedDataError(f"{key!r} must be one address")
                resource = active.value_iri(value, as_term=False)
                if resource is None:
                    raise LinkedDataError(f"{value!r} is no absolute IRI")
                subject = f"<{resource}>"
            elif iri == "@type":
                if typed is not None:
                    raise LinkedDataError("types are given twice")
                typed = value
            elif iri != "@context":
                raise LinkedDataError(f"{iri} is not understood here")
        subject = subject or self.blank()
        for name in () if typed is None else typed if isinstance(typed, list) else [typed]:
            kind = outer.value_iri(name, as_term=True)
            if kind is None:
                raise LinkedDataError(f"no context known here defines the type {name!r}")
            quads.append(Quad(subject, _TYPE, f"<{kind}>", graph))
        for key, iri, value in later:
            term = active.terms.get(key) or Term(iri)
            predicate = f"<{iri}>"
            if term.is_list:
                quads.append(Quad(subject, predicate, self._list(value, active, key, term, graph, depth), graph))
                continue
            for item in _items(key, value) if term.kind != "@json" else [value]:
                quads.append(Quad(subject, predicate, self._value(item, active, key, term, graph, depth), graph))
        return subject

    def _types(self, given: dict[str, Any], active: ActiveContext) -> tuple[tuple[str, ...], dict[str, str]]:
        """Names of types in order, and the keys that say `@type`, by the meaning before types change it."""
        found: list[str] = []
        keys = {}
        for key, value in given.items():
            if active.key_iri(key) == "@type":
                keys[key] = "@type"
                names = value if isinstance(value, list) else [value]
                if not names or not all(isinstance(name, str) for name in names) or len(set(names)) != len(names):
                    raise LinkedDataError(f"{key!r} must be one or more different names of types")
                found += names
        return tuple(sorted(found)), keys

    def _list(self, value: Any, active: ActiveContext, key: str, term: Term, graph: str, depth: int) -> str:
        items = value if isinstance(value, list) else [value]
        cells = [self.blank() for _ in items]
        for place, item in enumerate(items):
            rest = cells[place + 1] if place + 1 < len(cells) else _NIL
            self.quads.append(Quad(cells[place], _FIRST, self._value(item, active, key, term, graph, depth), graph))
            self.quads.append(Quad(cells[place], _REST, rest, graph))
        return cells[0] if cells else _NIL

    def _value(self, item: Any, active: ActiveContext, key: str, term: Term, graph: str, depth: int) -> str:
        kind = term.kind
        if kind == "@json":
            return literal(_json(item), f"{RDF}JSON")
        if isinstance(item, dict):
            inner = self._inside(item, active, term)
            if "@value" in item:
                return _value_object(item, inner, key)
            if term.is_graph:
                name = self.blank()
                self.node(item, inner, name, depth + 1)
                return name
            return self.node(item, inner, graph, depth + 1)
        if term.is_graph:
            raise LinkedDataError(f"{key!r} must hold objects")
        if term.context is not UNSET:
            active = active.within(term)
        if isinstance(item, str):
            if kind is None:
                language = active.language if term.language is UNSET else term.language
                direction = active.direction if term.direction is UNSET else term.direction
                return _text(item, language, direction)
            if kind in ("@id", "@vocab"):
                resource = active.value_iri(item, as_term=kind == "@vocab")
                if resource is None:
                    raise LinkedDataError(f"{item!r} of {key!r} is no absolute IRI")
                return f"<{resource}>"
            return literal(item, "" if kind == f"{XSD}string" else kind)
        return _scalar(item, None if kind in ("@id", "@vocab") else kind, key)

    @staticmethod
    def _inside(item: dict[str, Any], active: ActiveContext, term: Term) -> ActiveContext:
        """The context within an object: what its parent's types brought is left behind, unless it is a value."""
        inner = active
        if active.previous is not None and "@value" not in item:
            lone = len(item) == 1 and active.key_iri(next(iter(item))) == "@id"
            inner = active if lone else active.previous
        return inner if term.context is UNSET else inner.within(term)


def _items(key: str, value: Any) -> list[Any]:
    if not isinstance(value, list):
        return [value]
    if not value:
        raise LinkedDataError(f"{key!r} is an empty list, which says nothing")
    plain = [item for item in value if not isinstance(item, dict | list)]
    if len(plain) > 1 and len({(type(item), item) for item in plain}) != len(plain):
        raise LinkedDataError(f"{key!r} says one thing twice")
    return value


def _value_object(item: dict[str, Any], active: ActiveContext, key: str) -> str:
    extra = item.keys() - {"@value", "@language", "@direction", "@type"}
    if extra:
        raise LinkedDataError(f"{min(extra)!r} does not belong to the value of {key!r}")
    value, language, direction = item["@value"], item.get("@language"), item.get("@direction")
    if "@type" in item:
        kind = item["@type"]
        if language is not None or direction is not None or not isinstance(kind, str):
            raise LinkedDataError(f"a value of {key!r} has a type, or a language and direction")
        if kind == "@json" or active.value_iri(kind, as_term=True) is None:
            raise LinkedDataError(f"{kind!r} of {key!r} is no datatype known here")
        datatype = active.value_iri(kind, as_term=True) or ""
        if isinstance(value, str):
            return literal(value, "" if datatype == f"{XSD}string" else datatype)
        return _scalar(value, datatype, key)
    if language is not None and not is_language(language):
        raise LinkedDataError(f"{language!r} of {key!r} is no language tag")
    if direction not in (None, "ltr", "rtl"):
        raise LinkedDataError(f"the direction of {key!r} must be ltr or rtl")
    if not isinstance(value, str):
        if language is not None or direction is not None:
            raise LinkedDataError(f"only text has a language or a direction, in {key!r}")
        return _scalar(value, None, key)
    return _text(value, language, direction)


def _text(text: str, language: str | None, direction: str | None) -> str:
    if direction:
        return literal(text, f"{I18N}{(language or '').lower()}_{direction}")
    return literal(text, language=(language or "").lower())


def _scalar(value: Any, datatype: str | None, key: str) -> str:
    if isinstance(value, bool):
        return literal("true" if value else "false", datatype or f"{XSD}boolean")
    if isinstance(value, float) or (isinstance(value, int) and datatype == _DOUBLE):
        number = float(value)
        if datatype == _DOUBLE or number % 1 or abs(number) >= _EXPONENT_FROM:
            return literal(_double(number), datatype or _DOUBLE)
        return literal(str(int(number)), datatype or f"{XSD}integer")
    if isinstance(value, int):
        return literal(str(value), datatype or f"{XSD}integer")
    what = "null" if value is None else "a list" if isinstance(value, list) else type(value).__name__
    raise LinkedDataError(f"{key!r} holds {what}, which says nothing here")


def _double(number: float) -> str:
    """The canonical form of xsd:double that JSON-LD asks for: at most 15 digits after the point."""
    mantissa, _, exponent = f"{number:.15E}".partition("E")
    mantissa = mantissa.rstrip("0")
    return f"{mantissa}{'0' if mantissa.endswith('.') else ''}E{int(exponent)}"


def _json(value: Any) -> str:
    try:
        return canonical(value).decode()
    except CanonicalError as error:
        raise LinkedDataError(str(error)) from error


def statements(quads: Mapping[Any, Any] | list[Quad]) -> str:
    """Quads written as N-Quads, one a line."""
    return "".join(line(quad) for quad in quads)


def line(quad: Quad) -> str:
    """One statement as a line of N-Quads."""
    graph = f"{quad.graph} " if quad.graph else ""
    return f"{quad.subject} {quad.predicate} {quad.object} {graph}.\n"
