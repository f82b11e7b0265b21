"""NMD Tracker: the wiring of the site (settings, URLs, background work, embedded services)."""
