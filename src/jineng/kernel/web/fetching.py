"""Rows of a list fetched quickly: objects of models without the ceremony of making one.

Django makes each object by calling its class with every value, and tells listeners before and after; a list's page
makes a few hundred objects, and nobody listens. Here their attributes are set at once. What comes out is the same;
where a model wants more than that, Django's own way is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Count, Model, QuerySet, Window
from django.db.models.base import ModelState
from django.db.models.fields.related_descriptors import ForeignKeyDeferredAttribute
from django.db.models.query import BaseIterable, ModelIterable
from django.db.models.query_utils import DeferredAttribute
from django.db.models.signals import post_init, pre_init
from django.db.models.sql.where import WhereNode

from jineng.kernel.actors import Actor
from jineng.kernel.prepared import plans_kept

Make = Callable[[Any], Any]


class QuickIterable(BaseIterable):  # type: ignore[type-arg]
    """Objects of a queryset's model with what ``select_related`` and annotations bring."""

    def __iter__(self) -> Iterator[Any]:
        """The objects, in the order of the rows."""
        queryset = self.queryset
        compiler = queryset.query.get_compiler(using=queryset.db)
        results = compiler.execute_sql(chunked_fetch=self.chunked_fetch, chunk_size=self.chunk_size)
        make = _maker(compiler.select, compiler.klass_info, queryset.db)
        annotations = list(compiler.annotation_col_map.items())
        for row in compiler.results_iter(results):
            made = make(row)
            for name, place in annotations:
                setattr(made, name, row[place])
            yield made


class KeysFirstIterable(QuickIterable):
    """Of rows that are cut, the keys first, and then all about those.

    The keys stand for the conditions by which they were found, unless these join other tables and so might make of one
    row several.
    """

    key = "pk"
    together = False
    within: Mapping[str, Any] = {}
    told: Mapping[tuple[int, int | None], list[Any]] = {}
    """Keys that are known already, by where the rows are cut."""

    def __iter__(self) -> Iterator[Any]:
        """The objects, in the order of the rows."""
        queryset = self.queryset
        if not queryset.query.is_sliced:
            yield from super().__iter__()
            return
        keys = self.told.get((queryset.query.low_mark, queryset.query.high_mark))
        if keys is None:
            keys = list(queryset.select_related(None).values_list(self.key, flat=True))
        whole = queryset.all()
        whole.query.clear_limits()
        if sum(map(bool, whole.query.alias_refcount.values())) <= 1:
            whole.query.where = WhereNode()
        self.queryset = whole.filter(**self.within, **{f"{self.key}__among": keys})
        with plans_kept():
            made = list(super().__iter__())
        yield from made


def keys_first(rows: QuerySet[Any], key: str = "pk", *, together: bool = False, **within: Any) -> QuerySet[Any]:
    """The same rows, to be asked for in two queries where they are cut: which, and then all about them.

    Of a key of several columns ``key`` names the one that tells these rows apart, and ``within`` says what the others
    are in all of them.
    For lists whose order no index gives to whoever sees but a part: in one query each row in sight would be joined with
    all that the list tells of it, only to be sorted and cut. Where all have to be read to be sorted, their number is
    asked for ``together`` with the keys of the first page. Other lists are better off without the second query.
    """
    if not _is_plain(rows) or (key == "pk" and rows.model._meta.is_composite_pk):
        raise TypeError(f"{rows.model.__name__} is made in a way of its own, or has a key of several columns")
    found = rows.all()
    made = {"key": key, "together": together, "within": within}
    found._iterable_class = type("KeysFirstIterable", (KeysFirstIterable,), made)  # type: ignore[attr-defined]
    return found


def keys_of_a_part(actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
    """:func:`keys_first` with their number for an actor who sees but a part; for one who sees everything an index of
    the whole register gives the order, and its size is kept (:mod:`jineng.kernel.tallies`): the rows as they are."""
    return rows if actor.sees_all else keys_first(rows, together=True)


def count_with_keys(rows: QuerySet[Any], size: int) -> int | None:
    """How many rows there are, asked for together with the keys of the first ``size``, which are then known.

    None where the rows are not those of :func:`keys_first` that are asked for together with their number.
    """
    iterable: Any = rows._iterable_class  # type: ignore[attr-defined]
    if (
        not issubclass(iterable, KeysFirstIterable)
        or not iterable.together
        or rows.query.group_by is not None
        or rows.query.distinct
    ):
        return None
    counted = rows.select_related(None).annotate(_number=Window(Count("*")))
    found = list(counted.values_list(iterable.key, "_number")[:size])
    number: int = found[0][1] if found else 0
    iterable.told = {(0, min(size, number)): [key for key, _ in found]}
    return number


def quickly(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The same rows, made quickly where that makes no difference."""
    if rows._iterable_class is not ModelIterable or rows._known_related_objects or not _is_plain(rows):  # type: ignore[attr-defined]
        return rows
    found = rows.all()
    found._iterable_class = QuickIterable  # type: ignore[attr-defined]
    return found


def _is_plain(rows: QuerySet[Any]) -> bool:
    """Whether the model and all that come with it are made as Django makes models by default."""
    return _is_plainly_made(rows.model) and _all_plain(rows.model, rows.query.select_related)


def _all_plain(model: type[Model], related: bool | dict[str, Any]) -> bool:
    if isinstance(related, bool):
        return not related
    for name, further in related.items():
        try:
            target = model._meta.get_field(name).related_model
        except FieldDoesNotExist:
            return False
        if not isinstance(target, type) or not _is_plainly_made(target) or not _all_plain(target, further or False):
            return False
    return True


_PLAIN = (DeferredAttribute, ForeignKeyDeferredAttribute)


def _is_plainly_made(model: type[Model]) -> bool:
    return (
        model.from_db.__func__ is Model.from_db.__func__  # type: ignore[attr-defined]
        and model.__init__ is Model.__init__
        and not model._meta.parents
        and all(field.descriptor_class in _PLAIN for field in model._meta.concrete_fields)
        and not pre_init.has_listeners(model)
        and not post_init.has_listeners(model)
    )


def _maker(select: Any, klass: dict[str, Any], db: str) -> Make:
    """What makes the object that ``klass`` describes, and those related to it, out of a row."""
    model, places = klass["model"], klass["select_fields"]
    start, stop = places[0], places[-1] + 1
    names = [chosen[0].target.attname for chosen in select[start:stop]]
    key = start + names.index(model._meta.pk_fields[0].attname)
    further = [
        (_maker(select, each, db), each["local_setter"], each["remote_setter"])
        for each in klass.get("related_klass_infos", ())
    ]

    def make(row: Any) -> Any:
        if row[key] is None:
            return None
        made = model.__new__(model)
        made._state = state = ModelState()
        state.db, state.adding, state.fields_cache = db, False, {}
        made.__dict__.update(zip(names, row[start:stop], strict=True))
        for other, here, there in further:
            related = other(row)
            here(made, related)
            if related is not None:
                there(related, made)
        return made

    return make
