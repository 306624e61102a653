"""The room by machine. Skill-level standards, certificate pilots, assessments and certificates."""

from ninja import Router

router = Router()
