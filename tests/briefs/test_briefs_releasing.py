"""A release is numbered, sealed, whole or not there, and stays what it was."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from jineng.briefs.models import Release
from jineng.briefs.queries import desk_of, folder_of
from jineng.briefs.releasing import DOCUMENTS
from jineng.briefs.verbs import release_brief
from jineng.briefs.verbs import releases as verbs
from jineng.briefs.verifying import verify_file
from jineng.briefs.wording import FROZEN
from jineng.calls.models import Award
from jineng.calls.verbs import void_award
from jineng.engines.measures import Period
from jineng.engines.seals import digest
from jineng.kernel.actors import NotAllowed, acting
from jineng.kernel.clock import clock_at
from jineng.kernel.models import AuditLine, SigningKey
from tests.briefs.issuing import release_issue
from tests.factories import World

Y2021 = Period.year(2021)


def released(world: World, year: int = 2021) -> Release:
    return release_issue(
        world.actor("province_officer"), world.actor("province_signer"), year, issued_on=date(2022, 1, 10), note="首发"
    )


def test_a_release_is_made_whole(world: World, courses: dict[str, Award]) -> None:
    told: list[str] = []
    release = release_issue(
        world.actor("province_officer"),
        world.actor("province_signer"),
        2021,
        progress=lambda name, done, total: told.append(name),
    )
    folder = folder_of(release)
    assert sorted(path.name for path in folder.iterdir()) == sorted([*DOCUMENTS, FROZEN, "manifest.json", "tables"])
    assert (folder / "brief.pdf").read_bytes().startswith(b"%PDF")
    assert (folder / "brief.docx").read_bytes().startswith(b"PK")
    assert "微课" in (folder / "brief.html").read_text("utf-8")
    assert release.manifest["figures"]["micro_courses"]["value"] == "4"
    assert "calls_award" in told
    assert any("brief.pdf" in saying for saying in told)
    findings = verify_file(folder / "manifest.json")
    assert all(finding.ok for finding in findings)
    assert len(findings) == 2 + len(DOCUMENTS) + len(release.manifest["tables"])
    assert json.loads((folder / "manifest.json").read_text("utf-8")) == release.seal
    assert release.seal["statement"] == release.manifest
    assert release.digest == digest(release.manifest)
    with acting(world.actor("province_officer")):
        assert AuditLine.objects.filter(verb="release_brief", subject_id=str(release.pk)).count() == 1
    assert str(release) == "2021年度简报 第1版"


def test_releases_are_numbered_within_their_year_and_keep_their_figures(
    world: World, courses: dict[str, Award], plain_documents: None
) -> None:
    first = released(world)
    void_award(actor=world.actor("province_officer"), award_id=courses["甲课"].pk, reason="误录")
    second, other = released(world), released(world, 2020)
    assert [(item.year, item.number, item.folder) for item in (first, second, other)] == [
        (2021, 1, "2021-01"),
        (2021, 2, "2021-02"),
        (2020, 1, "2020-01"),
    ]
    values = [
        desk_of(item).measure((("micro_courses", Y2021),))["micro_courses", Y2021].value for item in (first, second)
    ]
    assert values == [4, 3]
    assert (first.manifest["issued"], first.note) == ("2022-01-10", "首发")
    with acting(world.actor("county_officer")):
        assert [item.number for item in Release.objects.filter(year=2021)] == [2, 1]


def test_the_same_registers_give_the_same_documents(
    world: World, courses: dict[str, Award], plain_documents: None
) -> None:
    with clock_at(date(2022, 1, 10)):
        first, second = released(world), released(world)
    assert first.manifest["tables"] == second.manifest["tables"]
    assert first.manifest["figures"] == second.manifest["figures"]


def test_a_held_sentence_is_in_the_manifest_and_in_no_document(
    world: World, courses: dict[str, Award], plain_documents: None
) -> None:
    release = released(world)
    held = release.manifest["held"]
    assert held
    html = (folder_of(release) / "brief.html").read_text("utf-8")
    assert all(entry["reason"].startswith("校验未通过") for entry in held)
    assert "校验未通过" not in html
    assert not any(
        entry["sentence"].split("{")[0].lstrip("，") in html for entry in held if "{" not in entry["sentence"][:4]
    )
    assert not set(release.manifest["figures"]) & {"vocational_universities"}


def test_an_attempt_that_was_cut_off_leaves_nothing_that_counts(
    world: World, courses: dict[str, Award], plain_documents: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def cut_off(draft: Path, folder: Path) -> None:
        folder.mkdir(parents=True)
        (folder / "leftover").touch()
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(verbs, "move_in_place", cut_off)
        with pytest.raises(KeyboardInterrupt):
            released(world)
    with acting(world.actor("province_officer")):
        assert not Release.objects.exists()
    assert [path.name for path in (tmp_path / "releases").iterdir()] == ["2021-01"]
    release = released(world)
    assert release.number == 1
    assert not (folder_of(release) / "leftover").exists()
    assert all(finding.ok for finding in verify_file(folder_of(release) / "manifest.json"))


def test_tampering_is_found(world: World, courses: dict[str, Award], plain_documents: None, tmp_path: Path) -> None:
    folder = folder_of(released(world))
    manifest = folder / "manifest.json"

    def wrong() -> dict[str, str]:
        return {finding.what: finding.says for finding in verify_file(manifest) if not finding.ok}

    assert wrong() == {}
    table = folder / "tables" / "calls_award.parquet"
    table.write_bytes(table.read_bytes()[:-1] + b"!")
    (folder / "brief.pdf").unlink()
    assert wrong() == {"brief.pdf": "缺少文件 missing", "tables/calls_award.parquet": "已被改动 altered"}

    sealed = json.loads(manifest.read_text("utf-8"))
    sealed["statement"]["figures"]["micro_courses"]["value"] = "5"
    manifest.write_text(json.dumps(sealed, ensure_ascii=False), encoding="utf-8")
    assert "签名 signature" in wrong()

    manifest.write_text("不是 JSON", encoding="utf-8")
    assert list(wrong()) == ["manifest.json"]
    manifest.write_bytes(b"\xff\xfe")
    assert "不是封印文件" in wrong()["manifest.json"]
    manifest.write_text("[]", encoding="utf-8")
    assert list(wrong()) == ["签名 signature"]


def test_a_seal_of_an_unknown_key_does_not_verify(
    world: World, courses: dict[str, Award], plain_documents: None
) -> None:
    folder = folder_of(released(world))
    assert SigningKey.objects.count() == 1
    sealed = json.loads((folder / "manifest.json").read_text("utf-8"))
    text = json.dumps(sealed, ensure_ascii=False).replace(SigningKey.objects.get().key_id, "somebody-else")
    (folder / "manifest.json").write_text(text, encoding="utf-8")
    assert not verify_file(folder / "manifest.json")[0].ok


@pytest.mark.parametrize("year", [2014, 2027, 9999])
def test_there_is_no_brief_before_the_records_begin_nor_of_the_future(world: World, year: int) -> None:
    with clock_at(date(2026, 1, 1)), pytest.raises(ValidationError, match=f"没有{year}年度的数据"):
        release_brief(actor=world.actor("province_officer"), year=year)


@pytest.mark.parametrize("name", ["county_officer", "city_officer", "auditor", "administrator", "school_officer"])
def test_only_the_province_releases(world: World, name: str) -> None:
    with pytest.raises(NotAllowed):
        release_brief(actor=world.actor(name), year=2021)
