"""Row history of clinical tables, written by triggers: bulk and raw writes are caught, too."""

import pghistory


def tracked(model=None, *, exclude=()):
    """Class decorator: every insert, update and delete of a row leaves the row as it was."""

    def decorate(cls):
        events = pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent()
        return pghistory.track(*events, exclude=list(exclude) or None)(cls)

    return decorate(model) if model else decorate
