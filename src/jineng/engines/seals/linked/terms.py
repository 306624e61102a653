"""What the words of a JSON-LD document mean: context processing of JSON-LD 1.1 (API, section 4.1), made strict.

Only what the pinned contexts use is understood. Anything else, and anything that JSON-LD would let pass or
drop without a word, is refused: `@import`, `@reverse`, `@nest`, indexes, maps by language, relative references.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from jineng.engines.seals.linked.wellformed import LinkedDataError, is_absolute, is_language, names_type

Loader = Callable[[str], Any]
_Derived = tuple["Term | None", "ActiveContext"]
_Entry = tuple["Term | None", str, bool]

_CONTEXT_KEYS = frozenset({"@base", "@direction", "@language", "@propagate", "@protected", "@version", "@vocab"})
_TERM_KEYS = frozenset({"@id", "@type", "@container", "@context", "@language", "@direction", "@protected", "@prefix"})
KEYWORDS: Final = (
    _CONTEXT_KEYS
    | _TERM_KEYS
    | {"@default", "@graph", "@import", "@included", "@index", "@json", "@list"}
    | {"@nest", "@none", "@reverse", "@set", "@value"}
)
_KEYWORD_LIKE = re.compile(r"@[a-zA-Z]+\Z")
_DIRECTIONS = ("ltr", "rtl", None)
_CONTAINERS: Final[tuple[list[str], ...]] = ([], ["@set"], ["@list"], ["@graph"], ["@graph", "@set"])
_GEN_DELIMS = ":/?#[]@"
_DEEPEST_CONTEXTS = 8
_MOST_DERIVED = 256


class _Unset:
    def __repr__(self) -> str:
        return "unset"


UNSET: Final = _Unset()


@dataclass(frozen=True, slots=True)
class Term:
    """What one word means: its IRI (None: nothing), how values are read, and the context within them."""

    iri: str | None
    kind: str | None = None
    is_list: bool = False
    is_graph: bool = False
    context: Any = UNSET
    language: Any = UNSET
    direction: Any = UNSET
    prefix: bool = False
    protected: bool = field(default=False, compare=False)

    @property
    def plain(self) -> bool:
        """Whether a text under it is just that text."""
        return self.kind is None and self.context is UNSET and not (self.is_list or self.is_graph)


class ActiveContext:
    """Meanings in force at one place of a document. Never changed once it is made; derived ones are remembered."""

    __slots__ = (
        "_derived",
        "_typed",
        "direction",
        "entries",
        "language",
        "load",
        "own",
        "previous",
        "terms",
        "vocab",
    )

    def __init__(self, load: Loader) -> None:
        self.load = load
        self.terms: dict[str, Term] = {}
        self.vocab: str | None = None
        self.language: str | None = None
        self.direction: str | None = None
        self.previous: ActiveContext | None = None
        self._derived: dict[Any, _Derived] = {}
        self._typed: dict[tuple[str, ...], tuple[ActiveContext, list[str]]] = {}
        self.entries: dict[str, _Entry] = {}
        self.own: tuple[tuple[str, ...], tuple[str, ...]] | None = None

    def with_context(self, local: Any) -> ActiveContext:
        """This context extended by a local one, as it stands in a document. Raises LinkedDataError."""
        key = _key_of(local)
        if key is None:
            return _processed(self, local, False, True, ())
        return self._remember(key, lambda: (None, _processed(self, local, False, True, ())))[1]

    def within(self, term: Term) -> ActiveContext:
        """The context within a property that has one of its own, by the term that says so."""
        # The term is kept beside its context, so that its id stays its own.
        _, found = self._remember(id(term), lambda: (term, _processed(self, term.context, True, True, ())))
        return found

    def for_types(self, types: tuple[Any, ...], key: str) -> tuple[ActiveContext, list[str]]:
        """The context within an object that gives these types under a key, and what each means as N-Quads write it.

        Raises LinkedDataError for what are not names of types, each given once, and for a type that is not defined.
        """
        try:
            found = self._typed.get(types)
        except TypeError:
            found = None
        if found is None:
            if not types or not all(isinstance(name, str) for name in types) or len(set(types)) != len(types):
                raise LinkedDataError(f"{key!r} must be one or more different names of types")
            meanings = [self.value_iri(name, as_term=True) for name in types]
            if None in meanings:
                raise LinkedDataError(f"no context known here defines the type {types[meanings.index(None)]!r}")
            # Contexts of types come in order of their names, whatever the order in the document.
            inner = self
            for name in sorted(types):
                if name in self.terms and self.terms[name].context is not UNSET:
                    inner = _processed(inner, self.terms[name].context, False, False, ())
            found = inner, [f"<{meaning}>" for meaning in meanings]
            if len(self._typed) < _MOST_DERIVED:
                self._typed[types] = found
        return found

    def _remember(self, key: Any, make: Callable[[], _Derived]) -> _Derived:
        found = self._derived.get(key)
        if found is None:
            found = make()
            # What is remembered must not grow with what documents ask for.
            if len(self._derived) < _MOST_DERIVED:
                self._derived[key] = found
        return found

    def copy(self) -> ActiveContext:
        """A context of the same meanings, to be extended."""
        made = ActiveContext(self.load)
        made.terms = dict(self.terms)
        made.vocab, made.language, made.direction = self.vocab, self.language, self.direction
        made.previous = self.previous
        return made

    def entry(self, key: str) -> _Entry:
        """What a key of an object says: its term, the predicate as N-Quads write it, and whether text needs no more.

        For a keyword None and it, for a key not defined None and nothing, for the name of a type alone None and it.
        """
        found = self.entries.get(key)
        if found is None:
            iri = self.key_iri(key)
            if iri is None:
                return None, "", False
            word = iri if iri in KEYWORDS else key if names_type(key, iri, self.terms) else None
            found = (None, word, False) if word else self._told(self.terms.get(key) or Term(iri), iri)
            if len(self.entries) < _MOST_DERIVED:
                self.entries[key] = found
        return found

    def _told(self, term: Term, iri: str) -> _Entry:
        language = self.language if term.language is UNSET else term.language
        direction = self.direction if term.direction is UNSET else term.direction
        return term, f"<{iri}>", term.plain and not language and not direction

    def own_keys(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The keys that mean @id here, and those that mean @type; `own` keeps them from then on."""
        named = {word: [name for name, term in self.terms.items() if term.iri == word] for word in ("@id", "@type")}
        self.own = ("@id", *named["@id"]), ("@type", *named["@type"])
        return self.own

    def key_iri(self, key: str) -> str | None:
        """What a key of an object means: an IRI, a keyword, or None where it is not defined."""
        term = self.terms.get(key)
        if term is not None:
            return term.iri
        if key in KEYWORDS:
            return key
        if ":" in key:
            prefix, _, suffix = key.partition(":")
            known = self.terms.get(prefix)
            if known is not None and known.prefix and known.iri and not suffix.startswith("//"):
                return known.iri + suffix
            return None
        if self.vocab is not None and not _KEYWORD_LIKE.match(key):
            return self.vocab + key
        return None

    def value_iri(self, text: str, as_term: bool) -> str | None:
        """What a text means that stands for a resource; None where it is no absolute IRI in the end."""
        if as_term:
            term = self.terms.get(text)
            if term is not None:
                return term.iri
        if ":" in text[1:]:
            prefix, _, suffix = text.partition(":")
            known = None if prefix == "_" or suffix.startswith("//") else self.terms.get(prefix)
            found = known.iri + suffix if known is not None and known.prefix and known.iri else text
        elif as_term and self.vocab is not None and text not in KEYWORDS:
            found = self.vocab + text
        else:
            return None
        return found if is_absolute(found) else None


def _key_of(local: Any) -> Any:
    """What stands for a local context made of addresses alone; None for others, which are not remembered."""
    items = local if isinstance(local, list) else [local]
    return ("addresses", *items) if all(isinstance(item, str) for item in items) else None


def _processed(
    active: ActiveContext, local: Any, override: bool, propagate: bool, trail: tuple[str, ...]
) -> ActiveContext:
    if isinstance(local, dict) and "@propagate" in local:
        propagate = local["@propagate"]
        if not isinstance(propagate, bool):
            raise LinkedDataError("@propagate must be true or false")
    result = active.copy()
    if not propagate and result.previous is None:
        result.previous = active
    for context in local if isinstance(local, list) else [local]:
        if context is None:
            if not override and any(term.protected for term in result.terms.values()):
                raise LinkedDataError("a context of null would forget protected terms")
            previous = result
            result = ActiveContext(active.load)
            if not propagate:
                result.previous = previous
        elif isinstance(context, str):
            if len(trail) > _DEEPEST_CONTEXTS or context in trail:
                raise LinkedDataError(f"context {context} leads back to itself")
            document = active.load(context)
            if not isinstance(document, Mapping) or "@context" not in document:
                raise LinkedDataError(f"{context} holds no context")
            result = _processed(result, document["@context"], override, True, (*trail, context))
        elif isinstance(context, dict):
            _extend(result, context, override)
        else:
            raise LinkedDataError("a context must be an address, an object or null")
    return result


def _extend(result: ActiveContext, context: dict[str, Any], override: bool) -> None:
    if context.get("@version", 1.1) != 1.1 or isinstance(context.get("@version"), bool):
        raise LinkedDataError("only JSON-LD 1.1 is understood")
    if context.get("@base") is not None:
        raise LinkedDataError("a context must not set a base")
    for key in context:
        if key in KEYWORDS and key not in _CONTEXT_KEYS:
            raise LinkedDataError(f"{key} is not understood in a context")
    if "@vocab" in context:
        vocab = context["@vocab"]
        if vocab is not None and not (isinstance(vocab, str) and is_absolute(vocab)):
            raise LinkedDataError("@vocab must be an absolute IRI")
        result.vocab = vocab
    if "@language" in context:
        language = context["@language"]
        if language is not None and not is_language(language):
            raise LinkedDataError("@language must be a language tag")
        result.language = language and language.lower()
    if "@direction" in context:
        if context["@direction"] not in _DIRECTIONS:
            raise LinkedDataError("@direction must be ltr or rtl")
        result.direction = context["@direction"]
    protected = context.get("@protected", False)
    if not isinstance(protected, bool):
        raise LinkedDataError("@protected must be true or false")
    _Definitions(result, context, protected, override).define_all()


@dataclass
class _Definitions:
    """The terms of one context on their way into `result`."""

    result: ActiveContext
    context: dict[str, Any]
    protected: bool
    override: bool
    done: dict[str, bool] = field(default_factory=dict)

    def define_all(self) -> None:
        for name in self.context:
            if name not in _CONTEXT_KEYS:
                self._define(name)

    def _define(self, name: str) -> None:
        if name in self.done:
            if not self.done[name]:
                raise LinkedDataError(f"the meaning of {name!r} leads back to itself")
            return
        if name == "" or name in KEYWORDS or _KEYWORD_LIKE.match(name):
            raise LinkedDataError(f"{name!r} cannot be defined")
        self.done[name] = False
        old = self.result.terms.pop(name, None)
        term = self._read(name, self.context[name])
        if old is not None and old.protected and not self.override:
            if term != old:
                raise LinkedDataError(f"{name!r} is protected and must not be redefined")
            term = old
        self.result.terms[name] = term
        self.done[name] = True

    def _read(self, name: str, value: Any) -> Term:
        simple = isinstance(value, str)
        given: dict[str, Any] = {"@id": value} if value is None or simple else value
        if not isinstance(given, dict):
            raise LinkedDataError(f"the meaning of {name!r} must be an address or an object")
        unknown = given.keys() - _TERM_KEYS
        if unknown:
            raise LinkedDataError(f"{min(unknown)} is not understood in the meaning of {name!r}")
        iri, prefix = self._iri_of(name, given, simple)
        container = given.get("@container", [])
        container = container if isinstance(container, list) else [container]
        if sorted(map(str, container)) not in _CONTAINERS:
            raise LinkedDataError(f"container {container} of {name!r} is not understood")
        term = Term(
            iri,
            self._kind_of(name, given),
            "@list" in container,
            "@graph" in container,
            given.get("@context", UNSET),
            prefix=prefix,
            protected=self._flag(given, "@protected", self.protected),
        )
        if "@language" in given:
            if given["@language"] is not None and not is_language(given["@language"]):
                raise LinkedDataError(f"the language of {name!r} must be a language tag")
            term = replace(term, language=given["@language"] and given["@language"].lower())
        if "@direction" in given:
            if given["@direction"] not in _DIRECTIONS:
                raise LinkedDataError(f"the direction of {name!r} must be ltr or rtl")
            term = replace(term, direction=given["@direction"])
        return term

    def _iri_of(self, name: str, given: dict[str, Any], simple: bool) -> tuple[str | None, bool]:
        prefix = self._flag(given, "@prefix", False)
        wanted = given.get("@id", name)
        if wanted is None:
            return None, False
        if not isinstance(wanted, str):
            raise LinkedDataError(f"the @id of {name!r} must be text")
        if wanted == name:
            iri = self._own_iri(name)
        else:
            meant = self._expand(wanted)
            if meant is None or not (meant in KEYWORDS or is_absolute(meant)):
                raise LinkedDataError(f"{name!r} means {wanted!r}, which is no absolute IRI")
            iri = meant
        if iri in KEYWORDS and (iri not in ("@id", "@type") or prefix):
            raise LinkedDataError(f"{name!r} cannot mean {iri}")
        plain = ":" not in name and "/" not in name
        return iri, prefix or (plain and simple and iri not in KEYWORDS and iri[-1] in _GEN_DELIMS)

    def _own_iri(self, name: str) -> str:
        iri = self._expand(name, itself=True)
        if iri is None or not is_absolute(iri):
            raise LinkedDataError(f"{name!r} has no meaning")
        return iri

    def _expand(self, text: str, itself: bool = False) -> str | None:
        if text in KEYWORDS:
            return text
        if not itself:
            if text in self.context and text not in _CONTEXT_KEYS:
                self._define(text)
            term = self.result.terms.get(text)
            if term is not None:
                return term.iri
        if ":" in text[1:]:
            prefix, _, suffix = text.partition(":")
            if suffix.startswith("//") or prefix == "_":
                return text
            if prefix in self.context and prefix not in _CONTEXT_KEYS:
                self._define(prefix)
            known = self.result.terms.get(prefix)
            return known.iri + suffix if known is not None and known.prefix and known.iri else text
        return None if self.result.vocab is None else self.result.vocab + text

    def _kind_of(self, name: str, given: dict[str, Any]) -> str | None:
        if "@type" not in given:
            return None
        wanted = given["@type"]
        if not isinstance(wanted, str):
            raise LinkedDataError(f"the @type of {name!r} must be text")
        kind = self._expand(wanted)
        if kind in ("@id", "@vocab", "@json", "@none"):
            return None if kind == "@none" else kind
        if kind is None or not is_absolute(kind):
            raise LinkedDataError(f"{name!r} is of type {wanted!r}, which is no absolute IRI")
        return kind

    @staticmethod
    def _flag(given: dict[str, Any], name: str, otherwise: bool) -> bool:
        value = given.get(name, otherwise)
        if not isinstance(value, bool):
            raise LinkedDataError(f"{name} must be true or false")
        return value
