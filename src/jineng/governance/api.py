"""The room by machine. Leading groups, policies, cascaded tasks, press, events, county centres."""

from ninja import Router

router = Router()
