"""The room by machine. Agreements, the bodies that come of them, international projects, industry clusters."""

from ninja import Router

router = Router()
