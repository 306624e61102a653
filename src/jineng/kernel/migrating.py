"""New tables in few steps: what migrations add one by one is brought into their picture of the models at once.

Django renders a model and all that it is related to anew for each operation of a migration. Where most tables are
related, a new installation spends a minute on that. Runs of operations that only add are therefore taken together:
the models' state is told of all of them, what is new is rendered once, and a new table is made as it stands at the
end of the run, with its fields, indexes, constraints and triggers.
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

ADDING: tuple[type[Operation], ...] = (CreateModel, AddField, AddIndex, AddConstraint, AddTrigger)
ADDED = ("indexes", "constraints", "triggers")


class Together(Operation):
    """Operations that only add, none of which needs to see the models as they were between them."""

    reduces_to_sql = True
    reversible = False

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = operations
        self.created = {_model(operation) for operation in operations if isinstance(operation, CreateModel)}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Tell the state of all operations, then render the models that are new and those that have new fields.

        An index, a constraint or a trigger adds no column, so a model that was rendered without it is only told.
        """
        rendered = state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)
        if rendered is None:
            return
        state.__dict__["apps"] = rendered
        rendered.render_multiple([state.models[app_label, model] for model in sorted(self.created)])
        added = [each for each in self.operations if isinstance(each, AddField) and _model(each) not in self.created]
        grown = {_model(each) for each in added}
        if grown:
            related = any(each.field.is_relation for each in added)
            state.reload_models([(app_label, model) for model in sorted(grown)], delay=not related)
        for model in {_model(operation) for operation in self.operations} - self.created - grown:
            options = state.models[app_label, model].options
            vars(rendered.get_model(app_label, model)._meta).update(
                {name: options[name] for name in ADDED if name in options}
            )

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Make each new table whole, and change those that stood before operation by operation."""
        for operation in self.operations:
            if isinstance(operation, CreateModel) or _model(operation) not in self.created:
                operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        """What is done, for logs."""
        return "; ".join(operation.describe() for operation in self.operations)


def _model(operation: Any) -> str:
    return str(operation.name_lower if isinstance(operation, CreateModel) else operation.model_name).lower()


def taken_together(operations: Iterable[Operation]) -> list[Operation]:
    """The operations with each run of those that only add as one; those that do more stay as they are."""
    found: list[Operation] = []
    for adding, run in groupby(operations, lambda operation: isinstance(operation, ADDING)):
        members = list(run)
        found.extend([Together(members)] if adding else members)
    return found


def take_together(plan: Sequence[tuple[Migration, bool]], **signal: Any) -> None:
    """Before migrating: let the migrations of ``plan`` that go forwards do so in few steps."""
    del signal
    for migration, backwards in plan:
        if not backwards:
            vars(migration)["operations"] = taken_together(migration.operations)
