"""The room by machine. Parks, their phases and investment, shared facilities, relocations."""

from ninja import Router

router = Router()
