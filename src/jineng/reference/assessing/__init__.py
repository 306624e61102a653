"""Assessments that are held for the reference year, by the verbs of those whose turn it is."""
