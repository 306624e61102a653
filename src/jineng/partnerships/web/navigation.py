"""The room's lines in the page shell, and the doors to its records."""

from jineng.kernel.measures import RecordDoor, open_records
from jineng.partnerships.indicators import BODY_RECORD, MEMBER_RECORD, PROJECT_RECORD

open_records(BODY_RECORD, RecordDoor("partnerships.Body", "body", "合作机构"))
open_records(MEMBER_RECORD, RecordDoor("partnerships.BodyMember", "body_member", "合作机构成员"))
open_records(PROJECT_RECORD, RecordDoor("partnerships.InternationalProject", "project", "国际合作项目"))
