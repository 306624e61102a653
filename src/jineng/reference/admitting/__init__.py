"""A season of admission that is run for the reference year, by the verbs and workbooks of those whose turn it is."""
