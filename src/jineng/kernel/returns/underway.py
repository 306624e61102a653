"""Statements on which the database works while Python prepares what comes next."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import psycopg
from django.db import Error, connection
from psycopg import Connection, sql


class UnderWay:
    """What the database is doing meanwhile. Whoever asks it next waits for that, and meets its error if it has one.

    Statements go in psycopg's pipeline mode, in which the database begins with one as soon as it has come.
    """

    def __init__(self) -> None:
        self._sent = ExitStack()
        self._is_busy = False

    def send(self, statements: Sequence[sql.Composed], values: dict[str, Any]) -> None:
        """Have the database begin with ``statements``, whose rows nobody reads.

        Raises:
            django.db.Error: the database has refused one already.
        """
        self.settle()
        raw: Connection[Any] = connection.connection
        with connection.wrap_database_errors:
            cursor = self._sent.enter_context(raw.cursor())
            self._sent.enter_context(raw.pipeline())
            self._is_busy = True
            try:
                for statement in statements:
                    cursor.execute(statement, values)
            except psycopg.Error:  # the first was refused while the second was on its way
                self.abandon()
                raise

    def settle(self) -> None:
        """Wait for what was sent.

        Raises:
            django.db.Error: the database refused it.
        """
        if self._is_busy:
            self._is_busy = False
            with connection.wrap_database_errors:
                self._sent.close()

    def abandon(self) -> None:
        """Wait for what was sent, whose fate no longer matters."""
        with suppress(Error):
            self.settle()

    def listen(self, execute: Callable[..., Any], *asked: Any) -> Any:
        """Stand between Django's cursors and the database."""
        self.settle()
        return execute(*asked)


@contextmanager
def under_way() -> Iterator[UnderWay]:
    """Within the block what is sent need not be waited for; at its end it has been executed.

    Raises:
        django.db.Error: the database refused what was sent last.
    """
    found = UnderWay()
    with connection.execute_wrapper(found.listen):
        try:
            yield found
        except BaseException:
            found.abandon()
            raise
        found.settle()
