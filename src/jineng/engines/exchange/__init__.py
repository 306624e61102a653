"""Typed workbooks: declare a book, write its template, read what comes back, mark what is wrong."""

from jineng.engines.exchange.container import Limits
from jineng.engines.exchange.filling import ValueRefused
from jineng.engines.exchange.marking import write_errors
from jineng.engines.exchange.problems import CellError, ErrorCode, FileCode, FileError, Problem
from jineng.engines.exchange.reading import Known, Reading, Table, read
from jineng.engines.exchange.schema import Book, Column, Kind, SchemaError, Sheet
from jineng.engines.exchange.writing import write_book, write_template

__all__ = [
    "Book",
    "CellError",
    "Column",
    "ErrorCode",
    "FileCode",
    "FileError",
    "Kind",
    "Known",
    "Limits",
    "Problem",
    "Reading",
    "SchemaError",
    "Sheet",
    "Table",
    "ValueRefused",
    "read",
    "write_book",
    "write_errors",
    "write_template",
]
