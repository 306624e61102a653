"""From one declaration of an indicator to its value, parts, records and comparison, on any engine."""

from jineng.engines.measures.audit import Contradictions, contradictions
from jineng.engines.measures.checks import Claim, Verdict, parse, verify
from jineng.engines.measures.claims import ClaimError
from jineng.engines.measures.compute import Measured, Number, compare, measure_many, number_text, value, values
from jineng.engines.measures.drilling import UNSTATED, Drill, Part, drill
from jineng.engines.measures.engine import DuckDBEngine, Engine, SqlEngine
from jineng.engines.measures.errors import MeasureError
from jineng.engines.measures.indicator import (
    Aggregate,
    Catalogue,
    Count,
    Dimension,
    Disclosure,
    Distinct,
    Indicator,
    Over,
    Ratio,
    Sum,
    indicator,
)
from jineng.engines.measures.listing import Page, record_ids, records, records_expression, records_of
from jineng.engines.measures.period import Period
from jineng.engines.measures.places import (
    DIRECT,
    DIVISION,
    ORGANISATION_STATE,
    UNPLACED,
    as_of,
    declare_places,
    division_places,
)
from jineng.engines.measures.shelf import Shelf
from jineng.engines.measures.source import Sources, SourceTable
from jineng.engines.measures.standard import PLACING, RECORD_COLUMNS, as_records, tables_behind
from jineng.engines.measures.suppression import suppress

__all__ = [
    "DIRECT",
    "DIVISION",
    "ORGANISATION_STATE",
    "PLACING",
    "RECORD_COLUMNS",
    "UNPLACED",
    "UNSTATED",
    "Aggregate",
    "Catalogue",
    "Claim",
    "ClaimError",
    "Contradictions",
    "Count",
    "Dimension",
    "Disclosure",
    "Distinct",
    "Drill",
    "DuckDBEngine",
    "Engine",
    "Indicator",
    "MeasureError",
    "Measured",
    "Number",
    "Over",
    "Page",
    "Part",
    "Period",
    "Ratio",
    "Shelf",
    "SourceTable",
    "Sources",
    "SqlEngine",
    "Sum",
    "Verdict",
    "as_of",
    "as_records",
    "compare",
    "contradictions",
    "declare_places",
    "division_places",
    "drill",
    "indicator",
    "measure_many",
    "number_text",
    "parse",
    "record_ids",
    "records",
    "records_expression",
    "records_of",
    "suppress",
    "tables_behind",
    "value",
    "values",
    "verify",
]
