"""Linked data, strictly: JSON-LD by pinned contexts to statements, and their canonical text."""

from jineng.engines.seals.linked.expanding import Quad, to_quads
from jineng.engines.seals.linked.pinned import CONFORMANCE, STANDARD, Contexts
from jineng.engines.seals.linked.rdfc import canonicalize
from jineng.engines.seals.linked.wellformed import LinkedDataError

__all__ = ["CONFORMANCE", "STANDARD", "Contexts", "LinkedDataError", "Quad", "canonicalize", "to_quads"]
