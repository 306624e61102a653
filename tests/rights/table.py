"""The rights of the whole program, in two literal tables: pages by route name, the API by operation.

Six columns say which roles may pass at all: the officers of province, city, county and school, the auditor, the
administrator. ``+`` passes, ``.`` is refused with 403 whatever the object.

Then come the kind of object that the request names (``-``: none) and the answer by how that object's organisation
stands to one's own: the same, below it, above it, or beside it. What lies out of sight answers 404, as if it did not
exist; what is seen but is not one's own to change answers 403 (some forms may be looked at, and refuse when sent);
a form that names something out of scope answers 422.
``-`` in an answer's place: nobody who may pass has such an object. A ``decided_`` object belongs to the office that
decides its call, and always concerns a school below that office.

The signed-out are sent to sign in (API: 401); whoever holds no post today, because it ended or its delegation did, is
refused (API: 401); a delegate in the days of the delegation stands where the delegator stands.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.rights.rooms import rooms

ROLES = ("province", "city", "county", "school", "auditor", "administrator")
RELATIONS = ("own", "below", "above", "sibling")

PAGES = """
# route                     method  prov city cnty schl audt admn  object         own  below above sibling
home                        GET     +    +    +    +    +    +     -              200
choose_post                 POST    +    +    +    +    +    +     -              302

organisations               GET     +    +    +    +    +    +     -              200
organisation_tree           GET     +    +    +    +    +    +     -              200
search                      GET     +    +    +    +    +    +     -              200
organisation                GET     +    +    +    +    +    +     school         200  200   -     404
organisation                GET     +    +    +    +    +    +     office         200  200   200   200
organisation_state          GET     +    +    +    +    +    +     school_state   302  302   -     404
organisation_state          GET     +    +    +    +    +    +     office_state   302  302   302   302
enter_organisation          GET     +    +    +    .    .    .     -              200
enter_organisation          POST    +    +    +    .    .    .     office         302  302   422   422
change_organisation         GET     +    +    +    .    .    .     school         -    200   -     404
change_organisation         GET     +    +    +    .    .    .     office         200  200   403   403
change_organisation         POST    +    +    +    .    .    .     school         -    302   -     404
change_organisation         POST    +    +    +    .    .    .     office         302  302   403   403
void_organisation_state     GET     +    +    +    .    .    .     school_state   -    200   -     404
void_organisation_state     GET     +    +    +    .    .    .     office_state   200  200   403   403
void_organisation_state     POST    +    +    +    .    .    .     school_state   -    302   -     404
void_organisation_state     POST    +    +    +    .    .    .     office_state   302  302   403   403

posts                       GET     .    .    .    .    .    +     -              200
give_post                   GET     .    .    .    .    .    +     -              200
give_post                   POST    .    .    .    .    .    +     office         302  302   422   422
end_post                    GET     .    .    .    .    .    +     post           200  200   404   404
end_post                    POST    .    .    .    .    .    +     post           302  302   404   404
delegate_post               GET     +    +    +    +    +    +     own_post       200
delegate_post               GET     +    +    +    +    +    +     post           403  403   404   404
delegate_post               POST    +    +    +    +    +    +     own_post       302
delegate_post               POST    +    +    +    +    +    +     post           403  403   404   404
audit                       GET     +    .    .    .    +    +     -              200

returns                     GET     +    +    +    +    +    .     -              200
submit_return               GET     +    +    +    +    .    .     -              200
submit_return               POST    +    +    +    +    .    .     -              302
return_template             GET     +    +    +    +    .    .     -              200
export_return               GET     +    +    +    +    +    .     -              200
export_return               POST    +    +    +    +    +    .     -              200
receipt                     GET     +    +    +    +    +    .     receipt        200  200   404   404
receipt_seal                GET     +    +    +    +    +    .     receipt        200  200   404   404
return_errors               GET     +    +    +    +    .    .     receipt        200  200   404   404

majors                      GET     +    +    +    +    +    .     -              200
offerings                   GET     +    +    +    +    +    .     -              200
offering                    GET     +    +    +    +    +    .     offering       200  200   -     404
college_offerings           GET     +    +    +    +    +    .     school         200  200   -     404
open_offering               GET     +    +    +    +    .    .     -              200
open_offering               POST    +    +    +    +    .    .     school         302  302   -     422
revoke_offering             GET     +    +    +    +    .    .     offering       200  200   -     404
revoke_offering             POST    +    +    +    +    .    .     offering       302  302   -     404
correct_offering            GET     +    +    +    +    .    .     offering       200  200   -     404
correct_offering            POST    +    +    +    +    .    .     offering       302  302   -     404
void_offering               GET     +    +    +    +    .    .     offering       200  200   -     404
void_offering               POST    +    +    +    +    .    .     offering       302  302   -     404

calls                       GET     +    +    +    +    +    .     -              200
call                        GET     +    +    +    +    +    .     decided_call   200  200   200   200
announce_call               GET     +    +    +    .    .    .     -              200
announce_call               POST    +    +    +    .    .    .     office         302  302   403   403
add_batch                   GET     +    +    +    .    .    .     decided_call   200  200   403   403
add_batch                   POST    +    +    +    .    .    .     decided_call   302  302   403   403
take_applications           GET     +    +    +    .    .    .     decided_call   200  200   403   403
take_applications           POST    +    +    +    .    .    .     decided_call   302  302   403   403
awards                      GET     +    +    +    +    +    .     -              200
award                       GET     +    +    +    +    +    .     award          200  200   -     404
award_names                 POST    +    +    +    +    .    .     award          200  200   -     404
record_award                GET     +    +    +    .    .    .     -              200
record_award                POST    +    +    +    .    .    .     school         -    302   -     422
correct_award               GET     +    +    +    .    .    .     award          -    200   -     404
correct_award               POST    +    +    +    .    .    .     award          -    302   -     404
void_award                  GET     +    +    +    .    .    .     decided_award  200  200   403   404
void_award                  POST    +    +    +    .    .    .     decided_award  302  302   403   404
set_award_status            GET     +    +    +    .    .    .     decided_award  200  200   403   404
set_award_status            POST    +    +    +    .    .    .     decided_award  302  302   403   404
void_award_status           GET     +    +    +    .    .    .     decided_status 200  200   403   404
void_award_status           POST    +    +    +    .    .    .     decided_status 302  302   403   404

briefs:index                GET     +    +    +    +    +    .     -              200
briefs:indicators           GET     +    +    +    +    +    .     -              200
briefs:draft                GET     +    +    +    +    +    .     -              200
briefs:figure               GET     +    +    +    +    +    .     -              200
briefs:records              GET     +    +    +    +    +    .     -              200
briefs:why                  GET     +    +    +    +    +    .     -              200
briefs:why                  POST    +    +    +    +    +    .     -              200
briefs:release              POST    +    .    .    .    .    .     year_signed    302  -    -     -
briefs:issue                GET     +    +    +    +    +    .     -              200
briefs:issue                GET     +    +    +    +    +    .     year_open      200  -    200   -
briefs:open_issue           POST    +    .    .    .    .    .     year_unopened  302  -    -     -
briefs:front                GET     +    .    .    .    .    .     year_open      200  -    -     -
briefs:front                POST    +    .    .    .    .    .     year_open      302  -    -     -
briefs:check                POST    +    .    .    .    .    .     year_open      302  -    -     -
briefs:sign                 POST    +    .    .    .    .    .     year_checked   302  -    -     -
briefs:add_recipient        GET     +    .    .    .    .    .     year_open      200  -    -     -
briefs:add_recipient        POST    +    .    .    .    .    .     year_open      302  -    -     -
briefs:remove_recipient     POST    +    .    .    .    .    .     recipient      302  -    -     -
briefs:reword               GET     +    +    +    .    .    .     sentence       200  200  403   403
briefs:reword               POST    +    +    +    .    .    .     sentence       302  302  403   403
briefs:strike               POST    +    +    +    .    .    .     sentence       302  302  403   403
briefs:add_sentence         GET     +    +    +    .    .    .     passage        200  200  403   403
briefs:add_sentence         POST    +    +    +    .    .    .     passage        302  302  403   403
briefs:entrust              GET     +    .    .    .    .    .     passage        200  200  -     -
briefs:entrust              POST    +    .    .    .    .    .     passage        302  302  -     -
briefs:acknowledge          POST    +    +    +    +    +    .     -              302
briefs:receipts             GET     +    +    +    +    +    .     -              200
briefs:add_erratum          GET     +    .    .    .    .    .     -              200
briefs:add_erratum          POST    +    .    .    .    .    .     -              302
briefs:released             GET     +    +    +    +    +    .     -              200
briefs:file                 GET     +    +    +    +    +    .     -              200
briefs:released_figure      GET     +    +    +    +    +    .     -              200
briefs:released_records     GET     +    +    +    +    +    .     -              200
"""

OPEN = """
health
verify                      what anybody may ask of a certificate
verify_number
check_slip                  whoever scans the code on an admission slip
enter_as_holder             who knows number, code and document is the certificate's holder
own_certificate
own_transcript
take_back_share
leave_holder
shared_certificate
credential_issuer           what signed statements name: keys, and which are revoked
status_list
suspension_list
api:openapi-json            the API's description
api:api-root                answers 404 to everybody
own_enter                   what applicants do by their ticket, without an account
own_home
own_preferences
own_receipt
own_paper
own_answer
own_letter
own_leave
admission_results           results by number and code
check_letter                whether an admission letter was issued here
account_login               sign-in, and what follows from it, is allauth's own
account_logout
account_inactive
account_signup              closed by the account adapter
account_reauthenticate
account_email
account_email_verification_sent
account_change_password
account_set_password
account_reset_password
account_confirm_login_code
account_confirm_email
account_reset_password_from_key_done
account_reset_password_from_key
account_reset_password_done
mfa_index
mfa_authenticate
mfa_reauthenticate
mfa_activate_totp
mfa_deactivate_totp
mfa_view_recovery_codes
mfa_generate_recovery_codes
mfa_download_recovery_codes
"""
"""Routes that anybody may knock at; allauth asks for sign-in by itself where it must."""

OPEN_API = """
/api/v1/verification                       POST
/api/v1/verification/number                POST
"""
"""Operations that anybody may call."""

TICKET_API = """
/api/v1/admissions/my                               GET
/api/v1/admissions/my/results                       GET
/api/v1/admissions/my/rounds/{opening_id}/offers    GET
/api/v1/admissions/my/rounds/{opening_id}/draft     POST
/api/v1/admissions/my/rounds/{opening_id}/submission POST
/api/v1/admissions/my/rounds/{opening_id}/receipt   GET
"""
"""Operations for who shows an applicant's ticket, and for nobody by an account."""

API = """
# operation                                method  prov city cnty schl audt admn  object        own  below above sibling
/api/v1/divisions                          GET     +    +    +    +    +    +     -             200
/api/v1/organisations                      GET     +    +    +    +    +    +     -             200
/api/v1/organisations/{organisation_id}    GET     +    +    +    +    +    +     school        200  200   -     404
/api/v1/organisations/{organisation_id}    GET     +    +    +    +    +    +     office        200  200   200   200
/api/v1/organisations/{organisation_id}/states GET +    +    +    +    +    +     school        200  200   -     404
/api/v1/organisations/{organisation_id}/states GET +    +    +    +    +    +     office        200  200   200   200
/api/v1/returns                            POST    +    +    +    +    .    .     -             202
/api/v1/returns/{receipt_id}               GET     +    +    +    +    +    .     receipt       200  200   404   404
/api/v1/majors                             GET     +    +    +    +    +    .     -             200
/api/v1/offerings                          GET     +    +    +    +    +    .     -             200
/api/v1/offerings                          POST    +    +    +    +    .    .     school        201  201   -     422
/api/v1/offerings/{offering_id}            GET     +    +    +    +    +    .     offering      200  200   -     404
/api/v1/offerings/{offering_id}/revocation POST    +    +    +    +    .    .     offering      200  200   -     404
/api/v1/calls                              GET     +    +    +    +    +    .     -             200
/api/v1/calls/{code}/batches               GET     +    +    +    +    +    .     decided_call  200  200   200   200
/api/v1/awards                             GET     +    +    +    +    +    .     -             200
/api/v1/awards/{award_id}                  GET     +    +    +    +    +    .     award         200  200   -     404
/api/v1/awards/{award_id}/statuses         POST    +    +    +    .    .    .     decided_award 201  201   403   404
/api/v1/indicators                         GET     +    +    +    +    +    .     -             200
/api/v1/briefs/{year}/figures/{key}        GET     +    +    +    +    +    .     -             200
/api/v1/briefs/{year}/figures/{key}/records GET    +    +    +    +    +    .     -             200
/api/v1/releases                           GET     +    +    +    +    +    .     -             200
/api/v1/releases                           POST    +    .    .    .    .    .     -             200
"""


@dataclass(frozen=True)
class Line:
    """One line of a table."""

    route: str
    method: str
    roles: frozenset[str]
    object: str | None
    answers: dict[str, int]

    def __str__(self) -> str:
        return f"{self.method} {self.route}" + (f" {self.object}" if self.object else "")


def read(text: str) -> list[Line]:
    """The lines of a table."""
    return [_line(row.split()) for row in text.splitlines() if row.strip() and not row.startswith("#")]


def _line(cells: list[str]) -> Line:
    route, method, *marks = cells[: 2 + len(ROLES)]
    kind, *answers = cells[2 + len(ROLES) :]
    if set(marks) - {"+", "."}:
        raise ValueError(f"neither + nor .: {cells}")
    told = {relation: int(answer) for relation, answer in zip(RELATIONS, answers, strict=False) if answer != "-"}
    passing = frozenset(role for role, mark in zip(ROLES, marks, strict=True) if mark == "+")
    return Line(route, method, passing, None if kind == "-" else kind, told)


PAGE_LINES = [line for text in (PAGES, *(room.PAGES for room in rooms())) for line in read(text)]
API_LINES = [line for text in (API, *(room.API for room in rooms())) for line in read(text)]
OPEN_OPERATIONS = frozenset((row.split()[0], row.split()[1]) for row in OPEN_API.splitlines() if row.strip())
TICKET_OPERATIONS = frozenset((row.split()[0], row.split()[1]) for row in TICKET_API.splitlines() if row.strip())
OPEN_ROUTES = frozenset(row.split()[0] for row in OPEN.splitlines() if row.strip())
