"""The commands that load, compute, release and verify: what they print, for people and machines, and how they end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from rich.console import Console
from typer.testing import CliRunner, Result

from jineng.briefs.models import Release
from jineng.engines.exchange import write_book
from jineng.kernel.actors import tell_database
from jineng.kernel.measures import indicators
from jineng.kernel.models import Receipt, SigningKey
from jineng.kernel.returns import the_book
from jineng.registry.models import Organisation
from jineng.site import places
from jineng.site.cli import pipeline, program
from jineng.site.preflight import EnvironmentFailure
from tests.briefs.issuing import signed_issue
from tests.factories import World

COMPLETE = {
    "code": "NEW-1",
    "code_scheme": "office",
    "name": "示例企业",
    "kind": "enterprise",
    "division_code": "620102",
}


@pytest.fixture
def site(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any) -> World:
    """The commands work in the test's own transaction, as the application's role, and no step runs before them."""

    @contextmanager
    def ready(console: Console | None = None) -> Iterator[None]:
        del console
        yield
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            assert cursor.fetchone() == ("jineng_app",)

    monkeypatch.setattr(pipeline, "site_ready", ready)
    monkeypatch.setattr(pipeline, "django_ready", ready)
    monkeypatch.setattr(places, "var_directory", lambda: tmp_path)
    settings.VAR = tmp_path
    return world


def jineng(*arguments: object) -> Result:
    return CliRunner().invoke(program.app, [str(argument) for argument in arguments])


def answer(result: Result) -> Any:
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return json.loads(result.stdout)


def workbook(path: Path, **facts: Any) -> Path:
    book = the_book()
    row = {**COMPLETE, "authority_code": "620000-JY", **facts}
    cells = [row.get(column.name) for column in book.by_name["organisations"].columns]
    path.write_bytes(write_book(book, {"organisations": [cells]}))
    return path


def test_load_lands_and_says_so(site: World, tmp_path: Path) -> None:
    file = workbook(tmp_path / "return.xlsx")
    result = jineng("load", file, "--as", "province_officer", "--json")
    (told,) = answer(result)
    assert result.exit_code == 0
    assert (told["state"], told["errors"], told["marked"]) == ("landed", 0, "")
    assert told["counts"]["organisations"]["added"] >= 1
    (again,) = answer(jineng("load", file, "--as", "province_officer", "--json"))
    assert again["counts"]["organisations"]["added"] == 0


def test_load_tries_only(site: World, tmp_path: Path) -> None:
    result = jineng("load", workbook(tmp_path / "return.xlsx"), "--as", "province_officer", "--dry-run")
    assert result.exit_code == 0
    assert "checked" in result.stdout
    assert not Organisation.objects.filter(code="NEW-1").exists()


def test_load_refuses_and_leaves_a_marked_copy(site: World, tmp_path: Path) -> None:
    file = workbook(tmp_path / "return.xlsx", division_code="999999")
    result = jineng("load", file, "--as", "province_officer")
    assert result.exit_code == 1
    assert "refused" in result.stdout
    assert (tmp_path / "return-错误.xlsx").read_bytes()[:2] == b"PK"


def test_load_of_no_workbook_is_refused_without_a_copy(site: World, tmp_path: Path) -> None:
    file = tmp_path / "return.xlsx"
    file.write_text("no workbook")
    result = jineng("load", file, "--as", "province_officer", "--json")
    assert result.exit_code == 1
    (told,) = json.loads(result.stdout)
    assert (told["state"], told["marked"]) == ("refused", "")
    assert told["first"]


def test_load_takes_up_what_was_cut_off(site: World, tmp_path: Path) -> None:
    file = workbook(tmp_path / "return.xlsx")
    jineng("load", file, "--as", "province_officer", "--dry-run")
    tell_database(site.actor("province_officer"))
    Receipt.objects.update(state=Receipt.State.RUNNING)
    (told,) = answer(jineng("load", file, "--as", "province_officer", "--dry-run", "--json"))
    tell_database(site.actor("province_officer"))
    assert told["state"] == "checked"
    assert [str(receipt.pk) for receipt in Receipt.objects.all()] == [told["receipt"]]


def test_unknown_account_is_told(site: World, tmp_path: Path) -> None:
    result = jineng("load", workbook(tmp_path / "return.xlsx"), "--as", "nobody")
    assert isinstance(result.exception, EnvironmentFailure)
    assert "nobody" in str(result.exception)


def test_brief_is_written_and_named(site: World, tmp_path: Path) -> None:
    result = jineng("brief", "2021", "--json")
    told = answer(result)
    assert result.exit_code == 0
    assert told["year"] == 2021
    assert [Path(file).name for file in told["files"]] == ["brief.html", "brief.docx", "brief.pdf"]
    assert all(Path(file).stat().st_size for file in told["files"])
    from jineng.site.cli.drafts import is_stale

    assert not is_stale(2021)
    Path(told["files"][2]).unlink()
    assert is_stale(2021)


def test_check_tells_agreeing_differing_and_not_built_apart(site: World, tmp_path: Path) -> None:
    first, second = [indicator.key for indicator in indicators][:2]
    file = tmp_path / "expected.csv"
    file.write_text(f"key,value,unit,form\n{first},0,个,exact\n{second},98765,个,exact\nno.such.key,1,个,exact\n")
    result = jineng("brief", "2021", "--check", file, "--json")
    verdicts = {row["key"]: row["verdict"] for row in json.loads(result.stdout)}
    assert result.exit_code == 1
    assert verdicts[second] == "differs"
    assert verdicts["no.such.key"] == "not built"

    (tmp_path / "none.yaml").write_text("figures: {no.such.key: {value: 1, unit: 个}}")
    result = jineng("brief", "2021", "--check", tmp_path / "none.yaml")
    assert result.exit_code == 0
    assert "not built 1" in result.stdout
    assert "agrees 0" in result.stdout


def test_snapshot_names_its_tables(site: World, tmp_path: Path) -> None:
    told = answer(jineng("snapshot", "2021", "--to", tmp_path / "facts", "--json"))
    names = {path.name for path in (tmp_path / "facts").iterdir()}
    assert {f"{name}.parquet" for name in told["tables"]} | {"snapshot.json"} == names
    assert json.loads((tmp_path / "facts" / "snapshot.json").read_text("utf-8")) == told
    assert all(len(entry["sha256"]) == 64 for entry in told["tables"].values())
    figures = answer(jineng("brief", "2021", "--snapshot", tmp_path / "facts"))
    assert set(figures) == set(indicators.keys())
    assert jineng("brief", "2021", "--snapshot", tmp_path / "facts", "--engine", "abacus").exit_code == 2


def test_release_verifies_until_it_is_altered(site: World, tmp_path: Path) -> None:
    refused = jineng("release", "2021", "--as", "province_officer")
    assert (refused.exit_code, "没有在编的简报" in refused.output) == (1, True)
    signed_issue(site.actor("province_officer"), site.actor("province_signer"), 2021)
    result = jineng("release", "2021", "--as", "province_officer", "--note", "首期")
    assert result.exit_code == 0, result.exception
    tell_database(site.actor("province_officer"))
    release = Release.objects.get()
    manifest = tmp_path / "releases" / release.folder / "manifest.json"
    assert release.digest in result.stdout

    fine = jineng("verify", manifest, "--json")
    assert fine.exit_code == 0
    assert all(finding["ok"] for finding in json.loads(fine.stdout))
    (manifest.parent / "brief.html").write_text("altered")
    bad = jineng("verify", manifest)
    assert bad.exit_code == 1
    assert "altered" in bad.stdout


def test_check_finds_no_contradiction_in_a_sound_register(site: World) -> None:
    result = jineng("check", 2021)
    assert result.exit_code == 0, result.stdout
    assert "No contradictions" in result.stdout


def test_a_key_is_renewed_by_an_administrator(site: World) -> None:
    result = jineng("renew-key", "--as", "admin")
    assert result.exit_code == 0, result.output
    first = SigningKey.objects.get()
    assert first.key_id in result.stdout
    school = site["county_school"]
    assert jineng("renew-key", "--as", "admin", "--of", school.code).exit_code == 0
    assert set(SigningKey.objects.values_list("owner_id", flat=True)) == {None, school.pk}


@pytest.mark.parametrize(
    ("given", "code", "told"),
    [
        (("--as", "province_officer"), 1, "may not"),
        (("--as", "admin", "--of", "0000000000"), 2, "no organ"),
        (("--as", "admin", "--of", "620000-JY", "--second"), 2, "second key"),
    ],
)
def test_a_key_is_not_renewed_by_whoever_may_not(site: World, given: tuple[str, ...], code: int, told: str) -> None:
    result = jineng("renew-key", *given)
    assert (result.exit_code, told in result.output) == (code, True), result.output
    assert not SigningKey.objects.exists()
