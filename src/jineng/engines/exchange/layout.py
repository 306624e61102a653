"""Which book a workbook is, which sheets it holds, and where each column stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jineng.engines.exchange.problems import FileCode, FileError, cell_name
from jineng.engines.exchange.schema import Book, Sheet
from jineng.engines.exchange.values import tidy

Grid = Sequence[Sequence[Any]]
_TEMPLATE = "请下载最新模板，把数据复制进去再上传。"
_TEMPLATE_EN = "Download the current template, copy the data into it and upload that."


def recognise_book(books: Sequence[Book], titles: Sequence[str], mark: Grid | None) -> Book:
    """The book that a file is: by its mark where it has one, else by the titles of its sheets."""
    if mark is not None:
        facts = {str(row[0]): _said(row[1]) for row in mark if len(row) > 1}
        marked = _marked(books, facts.get("book", ""), facts.get("version", ""))
        if not _shared(marked, titles):
            raise _no_known_sheet((marked,), titles)
        return marked
    fitting = [book for book in books if any(title in book.by_title for title in titles)]
    most = max((_shared(book, titles) for book in fitting), default=0)
    best = [book for book in fitting if _shared(book, titles) == most]
    if len(best) == 1:
        return best[0]
    if best:
        named = "、".join(book.title for book in best)
        raise FileError(
            FileCode.UNKNOWN_BOOK,
            f"看不出这是哪一种报表：{named}都有这样的工作表。",
            "Several kinds of return have sheets of these names.",
            _TEMPLATE,
            _TEMPLATE_EN,
            tuple(book.title for book in best),
        )
    raise _no_known_sheet(books, titles)


def _no_known_sheet(books: Sequence[Book], titles: Sequence[str]) -> FileError:
    known = tuple(dict.fromkeys(sheet.title for book in books for sheet in book.sheets))
    return FileError(
        FileCode.NO_KNOWN_SHEET,
        f"没有可识别的工作表。文件里有：{_quoted(titles)}；应有：{_quoted(known)}。",
        f"No known sheet. The file has {', '.join(titles)}; wanted: {', '.join(known)}.",
        "请按模板改正工作表名称。",
        "Name the sheets as the template does.",
        known,
    )


def _marked(books: Sequence[Book], name: str, version: str) -> Book:
    for book in books:
        if book.name != name:
            continue
        if book.version == version:
            return book
        raise FileError(
            FileCode.WRONG_VERSION,
            f"“{book.title}”模板的版本是 {version or '（空）'}，现在用的是 {book.version}。",
            f"The template {book.name} has version {version or '(none)'}; {book.version} is in use.",
            _TEMPLATE,
            _TEMPLATE_EN,
        )
    titles = tuple(book.title for book in books)
    raise FileError(
        FileCode.UNKNOWN_BOOK,
        f"这份文件标明是“{name or '（空）'}”，此处接收：{_quoted(titles)}。",
        f"The file says it is {name or '(nothing)'}; taken here: {', '.join(book.name for book in books)}.",
        "请到对应的栏目上传，或下载此处的模板。",
        "Upload it where it belongs, or download the template of this place.",
        titles,
    )


def _said(value: Any) -> str:
    return format(value, ".15g") if isinstance(value, float) else str(value)


def _shared(book: Book, titles: Sequence[str]) -> int:
    return sum(title in book.by_title for title in titles)


def refuse_unknown_sheets(book: Book, strangers: Sequence[str]) -> None:
    """Raise FileError where a file holds sheets with content that the book does not know."""
    if not strangers:
        return
    known = tuple(sheet.title for sheet in book.sheets)
    raise FileError(
        FileCode.UNKNOWN_SHEET,
        f"有不认识的工作表：{_quoted(strangers)}。“{book.title}”的工作表是：{_quoted(known)}。",
        f"Unknown sheets: {', '.join(strangers)}. The sheets of {book.name} are {', '.join(known)}.",
        "请改成模板里的名称；若是草稿或说明，请删去后再上传。",
        "Give them the template's names, or delete them if they are drafts.",
        tuple(strangers),
    )


def find_columns(sheet: Sheet, grid: Grid) -> dict[str, int]:
    """The position (from 0) of each column by its machine name in row 2; FileError names every fault."""
    names = [tidy(_said(cell)) for cell in grid[1]] if len(grid) > 1 else []
    positions: dict[str, int] = {}
    faults: list[tuple[str, str]] = []
    for position, name in enumerate(names):
        if name in positions:
            cell = cell_name(2, position)
            faults.append((f"{cell} 的栏目名“{name}”重复出现", f"{cell}: {name} stands twice"))
        elif name in sheet.by_name:
            positions[name] = position
        elif name or any(len(row) > position and row[position] != "" for row in grid):
            cell = cell_name(2, position)
            faults.append((f"{cell} 的栏目名“{name[:40]}”不认识", f"{cell}: {name[:40]!r} is unknown"))
    for column in sheet.columns:
        if column.name not in positions:
            faults.append(
                (
                    f"缺少栏目“{column.heading}”（{column.name}）",
                    f"{column.name} ({column.heading}) is missing",
                )
            )
    if faults:
        raise FileError(
            FileCode.WRONG_HEADINGS,
            f"工作表“{sheet.title}”的表头不对：{'；'.join(zh for zh, _ in faults[:20])}。",
            f"Wrong headings on sheet {sheet.title}: {'; '.join(en for _, en in faults[:20])}.",
            "第 1 行是中文栏目，第 2 行是英文栏目名，请与模板保持一致，不要增删。",
            "Row 1 holds the headings, row 2 the machine names; keep both as the template has them.",
            tuple(zh for zh, _ in faults),
        )
    return positions


def _quoted(names: Sequence[str]) -> str:
    return "、".join(f"“{name}”" for name in names) or "（无）"
