"""The house's one catalogue of indicators and one set of sources, and the live engine that computes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model
from django.urls import reverse

from jineng.engines.measures import Catalogue, Shelf, Sources, SqlEngine
from jineng.kernel.program import program_digest

sources = Sources()
indicators = Catalogue()
indicators.keep_on(Shelf(lambda: Path(settings.COMPILED) / f"{program_digest()}.sqlite"), sources)


@contextmanager
def system_reader() -> Iterator[Any]:
    """A cursor that reads the facts and nothing else, within a transaction of its own or the running one."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE jineng_reader; SET LOCAL search_path TO facts")
        yield cursor
        cursor.execute("SET LOCAL ROLE jineng_app; SET LOCAL search_path TO public")


def _run(sql: str) -> list[dict[str, Any]]:
    with system_reader() as cursor:
        cursor.execute(sql)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


live_engine = SqlEngine(dialect="postgres", run=_run)


@dataclass(frozen=True)
class NaturalKey:
    """How a list names records of a type: the columns of a sheet, and the field of the model behind each.

    ``normal`` brings a column's value to the form in which the register keeps it.
    """

    sheet: str
    paths: Mapping[str, str]
    normal: Mapping[str, Callable[[str], str]] = field(default_factory=dict)


@dataclass(frozen=True)
class RecordDoor:
    """How a record behind a figure is opened: its model (``app.Model``), the name of its page's URL, and how a list
    names it; records that are named by persons' numbers only have no such ``key``."""

    model_label: str
    url_name: str
    label: str
    key: NaturalKey | None = None

    def model(self) -> type[Model]:
        """The Django model."""
        return apps.get_model(self.model_label)

    def url(self, record_id: object) -> str:
        """The page of one record."""
        return reverse(self.url_name, args=[record_id])


record_doors: dict[str, RecordDoor] = {}


def open_records(record_type: str, door: RecordDoor) -> None:
    """A room says how records of a type are opened; called when its app is ready."""
    record_doors[record_type] = door
