"""How long reading takes beside the bare cell reader on the same file."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from decimal import Decimal
from time import perf_counter

import python_calamine as calamine

from jineng.engines.exchange.reading import read
from jineng.engines.exchange.schema import Book, Column, Kind, Sheet
from jineng.engines.exchange.writing import write_book

SAMPLE = Book(
    "sample",
    "测速样表",
    (
        Sheet(
            "rows",
            "数据",
            (
                Column("code", "编号", Kind.CODE, required=True, length=10),
                Column("school", "学校标识码", Kind.SCHOOL_CODE, required=True),
                Column("title", "名称", Kind.TEXT, required=True, max_length=60),
                Column("persons", "人数", Kind.INTEGER, minimum=0, unit="人"),
                Column("amount", "金额", Kind.DECIMAL, minimum=0, unit="万元"),
                Column("level", "级别", Kind.CHOICE, choices={"国家级": "national", "省级": "provincial"}),
                Column("done", "已认定", Kind.BOOLEAN),
                Column("day", "认定日期", Kind.DATE),
                Column("note", "备注", Kind.TEXT),
                Column("place", "地点", Kind.TEXT),
            ),
            key=("code",),
        ),
    ),
)


@dataclass(frozen=True)
class ReadTiming:
    """Best of several runs, in seconds; `rows` is the number of rows read."""

    rows: int
    bare: float
    read: float

    @property
    def ratio(self) -> float:
        return self.read / self.bare


def sample_workbook(rows: int) -> bytes:
    """A workbook of SAMPLE with that many rows of ten columns."""
    first = dt.date(2021, 1, 1)
    table = (
        (
            f"{row:010d}",
            f"3162{row % 3000:06d}",
            f"培训项目{row % 500}",
            row % 400,
            Decimal(row) / 4,
            "national" if row % 5 else "provincial",
            row % 2 == 0,
            first + dt.timedelta(days=row % 365),
            f"备注{row}",
            f"地点{row % 86}",
        )
        for row in range(rows)
    )
    return write_book(SAMPLE, {"rows": table})


def time_reading(rows: int = 100_000, runs: int = 3) -> ReadTiming:
    """Read one sample file with the bare cell reader and with this engine, in turn."""
    data = sample_workbook(rows)
    bare: list[float] = []
    whole: list[float] = []
    for _ in range(runs):
        start = perf_counter()
        calamine.load_workbook(io.BytesIO(data)).get_sheet_by_index(0).to_python()
        bare.append(perf_counter() - start)
        start = perf_counter()
        found = len(read(data, SAMPLE).tables["rows"])
        whole.append(perf_counter() - start)
    return ReadTiming(found, min(bare), min(whole))
