"""The room by machine. Seasons, plans, applicants and what became of them."""

from ninja import Router

router = Router()
