"""What is sent to the routes that change something: data that would be accepted from whoever may send it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.rights.rooms import rooms
from tests.rights.stage import Persona, Stage, bad_return

Make = Callable[[Stage, Persona, str], dict[str, Any]]
"""Stage, who sends, and the name of the organisation that the object belongs to; gives the form's fields."""


def _code(stage: Stage, name: str) -> str:
    return stage.world[name].code


PAGE_FORMS: dict[str, Make] = {
    "choose_post": lambda stage, who, name: {"post": str(stage.own["own_post"]["administrator"])},
    "enter_organisation": lambda stage, who, name: {
        "name": "新学校",
        "code_scheme": "school",
        "code": "3662010099",
        "kind": "secondary_vocational",
        "nature": "public",
        "division": "620102",
        "authority": _code(stage, name),
        "since": "2021-01-01",
    },
    "change_organisation": lambda stage, who, name: {"change": "renamed", "on": "2021-05-01", "name": "改名后"},
    "void_organisation_state": lambda stage, who, name: {"reason": "没有此事"},
    "give_post": lambda stage, who, name: {
        "username": "keeper",
        "organisation": _code(stage, name),
        "role": "officer",
        "title": "新岗位",
        "since": "2021-01-01",
    },
    "end_post": lambda stage, who, name: {"until": "2021-06-30"},
    "delegate_post": lambda stage, who, name: {
        "to": "keeper",
        "since": "2021-06-01",
        "until": "2021-06-30",
        "reason": "出差",
    },
    "submit_return": lambda stage, who, name: {"file": SimpleUploadedFile("坏.xlsx", bad_return())},
    "export_return": lambda stage, who, name: {"sheets": ["offerings" if who.role == "school" else "organisations"]},
    "open_offering": lambda stage, who, name: {
        "organisation": _code(stage, name),
        "major": "460102" if name == "petrochemical" else "710202",
        "duration_years": "3",
        "opened_on": "2021-03-01",
    },
    "revoke_offering": lambda stage, who, name: {"revoked_on": "2021-06-01"},
    "correct_offering": lambda stage, who, name: {
        "duration_years": "3",
        "opened_on": "2021-03-01",
        "document": "甘教职〔2021〕1号",
        "reason": "补文号",
    },
    "void_offering": lambda stage, who, name: {"reason": "从未开设"},
    "announce_call": lambda stage, who, name: {
        "name": "新遴选",
        "code": "new-call",
        "level": "city",
        "deciders": _code(stage, name),
        "holder_form": "organisation",
    },
    "add_batch": lambda stage, who, name: {"number": "2", "year": "2021"},
    "take_applications": lambda stage, who, name: {
        "number": "1",
        "procedure": str(stage.objects["published"]["province"]),
        "opens_on": "2021-06-16",
        "closes_on": "2021-06-30",
    },
    "award_names": lambda stage, who, name: {},
    "record_award": lambda stage, who, name: {
        "call": "province-call",
        "number": "1",
        "organisation": _code(stage, name),
        "title": "新项目",
    },
    "correct_award": lambda stage, who, name: {"title": "更正后的名称", "level": "provincial"},
    "void_award": lambda stage, who, name: {"reason": "没有此项"},
    "set_award_status": lambda stage, who, name: {"status": "withdrawn", "since": "2021-06-10"},
    "void_award_status": lambda stage, who, name: {"reason": "没有此事"},
    "briefs:why": lambda stage, who, name: {"rows": f"{stage.world['county_school'].code}|710202|3|2021-02-01"},
    "briefs:release": lambda stage, who, name: {"note": "试发布"},
    "briefs:open_issue": lambda stage, who, name: {},
    "briefs:front": lambda stage, who, name: {
        "masthead": "简报",
        "title": "{year}年情况",
        "issuer": "甘肃省教育厅",
        "printed_by": "办公室",
    },
    "briefs:check": lambda stage, who, name: {"explanation": "试验"},
    "briefs:sign": lambda stage, who, name: {},
    "briefs:add_recipient": lambda stage, who, name: {"manner": "copy_to", "label": "某报社"},
    "briefs:remove_recipient": lambda stage, who, name: {},
    "briefs:reword": lambda stage, who, name: {"text": "职业教育有了新进展。", "check": ""},
    "briefs:strike": lambda stage, who, name: {},
    "briefs:add_sentence": lambda stage, who, name: {"paragraph": "1", "text": "又有新进展。", "check": ""},
    "briefs:entrust": lambda stage, who, name: {"organisation": _code(stage, "lanzhou")},
    "briefs:acknowledge": lambda stage, who, name: {},
    "briefs:add_erratum": lambda stage, who, name: {"text": "更正一处文字。", "keys": ""},
}
API_FORMS: dict[str, Make] = {
    "/api/v1/returns": lambda stage, who, name: {"file": SimpleUploadedFile("坏.xlsx", bad_return())},
    "/api/v1/offerings": lambda stage, who, name: {
        "organisation_code": _code(stage, name),
        "major_code": "460102" if name == "petrochemical" else "710202",
        "duration_years": "3",
        "opened_on": "2021-03-01",
    },
    "/api/v1/offerings/{offering_id}/revocation": lambda stage, who, name: {"revoked_on": "2021-06-01"},
    "/api/v1/awards/{award_id}/statuses": lambda stage, who, name: {"status": "withdrawn", "since": "2021-06-10"},
    "/api/v1/releases": lambda stage, who, name: {"year": stage.objects["year_signed"]["province"]},
}
for _room in rooms():
    PAGE_FORMS |= _room.PAGE_FORMS
    API_FORMS |= _room.API_FORMS
CHANGES_NO_REGISTER = {"briefs:why", "choose_post"}
"""Routes that pass without a deed: choosing a post changes the session only."""
