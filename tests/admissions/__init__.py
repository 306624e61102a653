"""Tests of the admissions."""
