"""The room's lines in the page shell."""
