"""The room's lines in the page shell, its tasks on the home page, and the doors to its records."""
