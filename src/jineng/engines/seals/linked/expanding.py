"""From a JSON-LD document to its statements (quads), with nothing dropped: what has no meaning is refused.

Expansion and deserialization to RDF of JSON-LD 1.1 (API, sections 5.1 and 8.1) in one walk, with base IRI null and
text direction as `i18n-datatype`. JSON-LD drops what it does not know; here a key that no context defines, a type or
address that is no absolute IRI, a null, an empty list and a value given twice in one list are errors, so that the
document that is read and the statements that are signed are one and the same.
"""

from __future__ import annotations

import re
from typing import Any

from jineng.engines.canonical import CanonicalError, canonical
from jineng.engines.seals.linked.terms import UNSET, ActiveContext, Term
from jineng.engines.seals.linked.wellformed import LinkedDataError, is_language

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"
I18N = "https://www.w3.org/ns/i18n#"
DEEPEST = 40
_TYPE = f"<{RDF}type>"
_FIRST, _REST, _NIL = f"<{RDF}first>", f"<{RDF}rest>", f"<{RDF}nil>"
_DOUBLE, _EXPONENT_FROM = f"{XSD}double", 1e21
_ESCAPED = re.compile('[\x00-\x1f\x7f"\\\\\ufffe\uffff\ud800-\udfff]')
_SHORT = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


Quad = tuple[str, str, str, str]
"""One statement in the written forms of N-Quads: subject, predicate, object, graph (empty for the default graph)."""


def literal(text: str, datatype: str = "", language: str = "") -> str:
    """A literal as canonical N-Quads write it."""
    # Nothing printable is escaped but these two; what is not printable may be, and is looked at one by one.
    plain = text.isprintable() and '"' not in text and "\\" not in text
    form = f'"{text}"' if plain else f'"{_ESCAPED.sub(_escape, text)}"'
    if language:
        return f"{form}@{language}"
    return f"{form}^^<{datatype}>" if datatype else form


def _escape(found: re.Match[str]) -> str:
    char = found.group()
    if "\ud800" <= char <= "\udfff":
        raise LinkedDataError("text must be Unicode")
    return _SHORT.get(char) or f"\\u{ord(char):04X}"


def to_quads(document: Any, initial: ActiveContext, inline: bool = True) -> list[Quad]:
    """The statements of a document, in no particular order; one may come twice. Raises LinkedDataError.

    Without `inline` a context must be an address, not terms of the document's own.
    """
    if not isinstance(document, dict):
        raise LinkedDataError("the document must be an object")
    walk = _Walk(inline)
    walk.node(document, initial, "", 0)
    return walk.quads


class _Walk:
    def __init__(self, inline: bool) -> None:
        self.quads: list[Quad] = []
        self.blanks = 0
        self.inline = inline

    def blank(self) -> str:
        self.blanks += 1
        return f"_:b{self.blanks - 1}"

    def node(self, given: dict[str, Any], active: ActiveContext, graph: str, depth: int) -> str:
        """Tell everything about one object into the graph; returns what it is called."""
        if depth > DEEPEST:
            raise LinkedDataError(f"nested beyond {DEEPEST} levels")
        if "@context" in given:
            told = given["@context"]
            active = active.with_context(_unwrapped(told) if self.inline else _addresses(told))
        id_keys, type_keys = active.own or active.own_keys()
        subject = self._subject(given, active, id_keys)
        quads = self.quads
        for type_key in type_keys:
            if type_key in given:
                active, meanings = self._typed(given, active, type_key, type_keys)
                for meaning in meanings:
                    quads.append((subject, _TYPE, meaning, graph))
                break
        entries = active.entries
        for key, value in given.items():
            term, predicate, is_just_text = entries.get(key) or active.entry(key)
            if term is None:
                if predicate == "@id" or key in type_keys or key == "@context":
                    continue
                raise LinkedDataError(
                    f"{predicate} is not understood here" if predicate else f"no context known here defines {key!r}"
                )
            if key in type_keys:
                raise LinkedDataError(f"a type changes what {key!r} means, by which it is given")
            if is_just_text and type(value) is str:
                quads.append((subject, predicate, literal(value), graph))
            elif term.is_list:
                quads.append((subject, predicate, self._list(value, active, key, term, graph, depth), graph))
            elif type(value) is list and term.kind != "@json":
                for item in _items(key, value):
                    quads.append((subject, predicate, self._value(item, active, key, term, graph, depth), graph))
            else:
                quads.append((subject, predicate, self._value(value, active, key, term, graph, depth), graph))
        return subject

    def _subject(self, given: dict[str, Any], active: ActiveContext, id_keys: tuple[str, ...]) -> str:
        keys = [key for key in id_keys if key in given]
        if not keys:
            return self.blank()
        value = given[keys[0]]
        if len(keys) > 1 or not isinstance(value, str):
            raise LinkedDataError(f"{keys[0]!r} must be one address")
        resource = active.value_iri(value, as_term=False)
        if resource is None:
            raise LinkedDataError(f"{value!r} is no absolute IRI")
        return f"<{resource}>"

    @staticmethod
    def _typed(
        given: dict[str, Any], active: ActiveContext, key: str, type_keys: tuple[str, ...]
    ) -> tuple[ActiveContext, list[str]]:
        """The context within, and meanings of types by what they mean before they change it."""
        if sum(name in given for name in type_keys) > 1:
            raise LinkedDataError("types are given twice")
        value = given[key]
        return active.for_types(tuple(value) if isinstance(value, list) else (value,), key)

    @staticmethod
    def _plain(text: str, active: ActiveContext, term: Term) -> str:
        language = active.language if term.language is UNSET else term.language
        direction = active.direction if term.direction is UNSET else term.direction
        return _text(text, language, direction) if language or direction else literal(text)

    def _list(self, value: Any, active: ActiveContext, key: str, term: Term, graph: str, depth: int) -> str:
        items = value if isinstance(value, list) else [value]
        cells = [self.blank() for _ in items]
        for place, item in enumerate(items):
            rest = cells[place + 1] if place + 1 < len(cells) else _NIL
            self.quads.append((cells[place], _FIRST, self._value(item, active, key, term, graph, depth), graph))
            self.quads.append((cells[place], _REST, rest, graph))
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
                return self._plain(item, active, term)
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


def _addresses(context: Any) -> Any:
    if not all(isinstance(item, str) for item in (context if isinstance(context, list) else [context])):
        raise LinkedDataError("a context must be one that is known here, not the document's own")
    return context


def _unwrapped(context: Any) -> Any:
    """A document's own contexts; one that is wrapped in another, as published documents are, is taken as that."""
    if isinstance(context, list):
        return [_unwrapped(one) for one in context]
    return context["@context"] if isinstance(context, dict) and context.keys() == {"@context"} else context


def _items(key: str, value: list[Any]) -> list[Any]:
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


def line(quad: Quad) -> str:
    """One statement as a line of N-Quads."""
    subject, predicate, thing, graph = quad
    return f"{subject} {predicate} {thing} {graph} .\n" if graph else f"{subject} {predicate} {thing} .\n"
