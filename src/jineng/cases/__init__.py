"""Cases: the one mechanism behind every selection, filing and intake of returns. Flows and forms are data."""
