"""Walls of the briefs: releases are open to whoever acts; only the root releases."""

from jineng.kernel.walls import Wall, declare

declare(Wall("briefs_release", see="{known}", write="{all}", add_only=True))
