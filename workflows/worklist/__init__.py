"""All that is outstanding, overdue first: one index range per clinic, flat rows, keyset pages."""

from workflows.worklist.filters import OPEN_LOOPS, TABS, Filter, clinics_of, team_of
from workflows.worklist.listing import OPTIONAL, PAGE, Count, Listing, standing_counts

__all__ = [
    "OPEN_LOOPS",
    "OPTIONAL",
    "PAGE",
    "TABS",
    "Count",
    "Filter",
    "Listing",
    "clinics_of",
    "standing_counts",
    "team_of",
]
