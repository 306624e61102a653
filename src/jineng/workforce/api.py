"""The room by machine. Teachers, their qualifications and titles, autonomies over pay."""

from ninja import Router

router = Router()
