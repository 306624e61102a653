"""What an installation starts with: the divisions, the root organisation, one administrator.

It runs with the owner's credentials, because before it nobody could act. Everything later goes through verbs.
"""

from __future__ import annotations

import uuid
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from jineng.kernel.models import Account
from jineng.kernel.records import Origin
from jineng.registry.kinds import Change, CodeScheme, DivisionLevel, Nature, OrganisationKind, Role
from jineng.registry.models import Division, Organisation, OrganisationState, Post

DATA = Path(__file__).with_name("data")
BEGINNING = date(2015, 1, 1)
ROOT_NAME = "甘肃省教育厅"
NAMESPACE = uuid.UUID("6b3f4f0e-6d8c-5c53-9a76-5f1f4f6f2c62")
SUFFIXES = ("回族自治州", "藏族自治州", "自治州", "市")
TILES = (
    "620900",
    "620200",
    "620700",
    "620300",
    "620600",
    "622900",
    "620100",
    "620400",
    "621000",
    "623000",
    "621100",
    "620800",
    "621200",
    "620500",
)


def stable_id(*parts: str) -> uuid.UUID:
    """The same id for the same installation fact on every machine."""
    return uuid.uuid5(NAMESPACE, "/".join(parts))


def read_divisions(path: Path = DATA / "divisions-gansu.yaml") -> list[dict[str, Any]]:
    """The divisions of the file as field values, parents before children."""
    tree = yaml.safe_load(path.read_text(encoding="utf-8"))
    province = tree["province"]
    rows = [_division(province, DivisionLevel.PROVINCE, None, False)]
    for city in tree["cities"]:
        ethnic = bool(city.get("ethnic"))
        rows.append(_division(city, DivisionLevel.CITY, province["code"], ethnic))
        rows += [
            _division(county, DivisionLevel.COUNTY, city["code"], ethnic or bool(county.get("ethnic")))
            for county in city["counties"]
        ]
    rows += [
        _division({**area, "code": area["statistical_code"]}, DivisionLevel.SPECIAL, area["lies_in"], False)
        for area in tree["special_areas"]
        if area["kind"] == "new_area"
    ]
    return rows


def _division(entry: dict[str, Any], level: str, parent: str | None, ethnic: bool) -> dict[str, Any]:
    name = entry["name"]
    suffix = next((end for end in SUFFIXES if level == DivisionLevel.CITY and name.endswith(end)), "")
    former = entry.get("former")
    return {
        "code": str(entry["code"]),
        "name": name,
        "short_name": name.removesuffix(suffix)[:10],
        "level": level,
        "parent_id": parent,
        "is_civil": level != DivisionLevel.SPECIAL,
        "is_ethnic_area": ethnic,
        "former_names": [former["name"]] if former else [],
        "position": TILES.index(entry["code"]) + 1 if entry["code"] in TILES else 0,
    }


def establish(using: str = "owner") -> bool:
    """Bring divisions and the root organisation into being; returns whether anything was missing."""
    with transaction.atomic(using=using):
        known = Division.objects.using(using).count()
        rows = [Division(**row) for row in read_divisions()]
        if known < len(rows):
            Division.objects.using(using).bulk_create(
                rows,
                update_conflicts=True,
                unique_fields=["code"],
                update_fields=["name", "short_name", "level", "parent", "is_civil", "is_ethnic_area", "position"],
            )
        root = rows[0].code
        _, made = Organisation.objects.using(using).get_or_create(
            id=stable_id("organisation", root),
            defaults={
                "code": f"{root}-JY",
                "code_scheme": CodeScheme.OFFICE,
                "name": ROOT_NAME,
                "kind": OrganisationKind.EDUCATION_DEPARTMENT,
                "division_id": root,
                "nature": Nature.PUBLIC,
                "origin_kind": Origin.SEED,
            },
        )
        if made:
            OrganisationState.objects.using(using).create(
                id=stable_id("state", root),
                organisation_id=stable_id("organisation", root),
                change=Change.ENTERED,
                since=BEGINNING,
                name=ROOT_NAME,
                kind=OrganisationKind.EDUCATION_DEPARTMENT,
                division_id=root,
                origin_kind=Origin.SEED,
            )
    return made or known < len(rows)


def appoint_administrator(username: str, display_name: str, password: str | None, using: str = "owner") -> Account:
    """The first administrator, at the root organisation; does nothing where the account exists."""
    with transaction.atomic(using=using):
        account = Account.objects.using(using).filter(username=username).first()
        if account is None:
            account = Account.objects.db_manager(using).create_user(username, password, display_name=display_name)
        Post.objects.using(using).get_or_create(
            id=stable_id("post", username),
            defaults={
                "account": account,
                "organisation_id": stable_id("organisation", "620000"),
                "role": Role.ADMINISTRATOR,
                "title": "系统管理员",
                "since": BEGINNING,
                "origin_kind": Origin.SEED,
            },
        )
    return account
