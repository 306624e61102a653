"""Tests of the majors."""
