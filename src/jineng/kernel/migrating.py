"""New tables in few steps: what migrations add one by one is brought into their picture of the models at once.

Django renders a model and all that it is related to anew for each operation of a migration. Where most tables are
related, a new installation spends a minute on that. Runs of operations of a kind that only add are therefore taken
together: the models' state is told of all of them, rendered once, and the database is changed one by one as before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import AddConstraint, AddField, AddIndex, CreateModel, Migration
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger

MODELS, FIELDS, OPTIONS = "models", "fields", "options"
KINDS: dict[type[Operation], str] = {
    CreateModel: MODELS,
    AddField: FIELDS,
    AddIndex: OPTIONS,
    AddConstraint: OPTIONS,
    AddTrigger: OPTIONS,
}


class Together(Operation):
    """Operations of one kind, none of which needs to see the models as they were between them."""

    reduces_to_sql = True
    reversible = False

    def __init__(self, kind: str, operations: Sequence[Operation]) -> None:
        self.kind, self.operations = kind, operations

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Tell the state of all operations, then render the models that they touch.

        An index, a constraint or a trigger adds no column, so what is rendered serves on without it.
        """
        rendered = state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)
        if rendered is not None:
            state.__dict__["apps"] = rendered
            if self.kind != OPTIONS:
                state.reload_models([(app_label, _model(operation)) for operation in self.operations], delay=False)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Change the database, operation by operation."""
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        """What is done, for logs."""
        return "; ".join(operation.describe() for operation in self.operations)


def _model(operation: Any) -> str:
    return str(operation.name_lower if isinstance(operation, CreateModel) else operation.model_name).lower()


def taken_together(operations: Iterable[Operation]) -> list[Operation]:
    """The operations with each run of one kind as one; kinds that do more than add stay as they are."""
    found: list[Operation] = []
    for kind, run in groupby(operations, lambda operation: KINDS.get(type(operation))):
        members = list(run)
        found.extend([Together(kind, members)] if kind and len(members) > 1 else members)
    return found


def take_together(plan: Sequence[tuple[Migration, bool]], **signal: Any) -> None:
    """Before migrating: let the migrations of ``plan`` that go forwards do so in few steps."""
    del signal
    for migration, backwards in plan:
        if not backwards:
            vars(migration)["operations"] = taken_together(migration.operations)
