"""Who may lean on whom: the contracts of ``.importlinter``, and what an import graph does not show."""

from __future__ import annotations

import contextlib
import io

from django.apps import apps
from django.db.models import ForeignKey, ManyToManyField
from importlinter import cli

from tests.arch.source import DOMAIN, ROOT, SRC, imports, modules

PURE = ("django", "psycopg", "ninja", "pghistory", "procrastinate", "allauth")


def test_the_contracts_hold() -> None:
    told = io.StringIO()
    with contextlib.redirect_stdout(told), contextlib.redirect_stderr(told):
        outcome = cli.lint_imports(config_filename=str(ROOT / ".importlinter"), is_debug_mode=False, no_cache=True)
    assert outcome == cli.EXIT_STATUS_SUCCESS, told.getvalue()


def test_every_room_stands_on_a_floor() -> None:
    """The contract is exhaustive; this says so in words that need no linter."""
    listed = (ROOT / ".importlinter").read_text(encoding="utf-8")
    rooms = {path.parent.name for path in SRC.glob("*/__init__.py")}
    assert {room for room in rooms if room not in listed} == set()


def test_engines_and_rules_know_no_framework() -> None:
    found = [
        f"{path} imports {name}"
        for path, tree in modules().items()
        if path.parts[0] == "engines" or path.name == "rules.py"
        for name in imports(tree)
        if name.split(".")[0] in PURE
    ]
    assert found == []


def test_every_rules_file_is_under_the_contract() -> None:
    listed = (ROOT / ".importlinter").read_text(encoding="utf-8")
    names = {f"jineng.{path.parts[0]}.rules" for path in modules() if path.name == "rules.py"}
    assert {name for name in names if name not in listed} == set()


def test_no_foreign_key_leads_from_one_domain_room_to_another() -> None:
    """Between domain rooms stands a UUID; a string reference would escape the import linter."""
    crossing = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey | ManyToManyField)
        and model._meta.app_label in DOMAIN
        and field.related_model._meta.app_label in DOMAIN - {model._meta.app_label}
    ]
    assert crossing == []


def test_foreign_keys_lead_downward() -> None:
    """A table leans only on tables of its own room or of a lower floor."""
    floors = {"kernel": 0, "registry": 1, "cases": 2, "majors": 3, **dict.fromkeys(DOMAIN, 4), "briefs": 5, "portal": 6}
    rising = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey | ManyToManyField)
        and model._meta.app_label in floors
        and floors.get(field.related_model._meta.app_label, 0) > floors[model._meta.app_label]
    ]
    assert rising == []
