"""Logs carry no patient data: database errors quote whole rows, so their text is left out."""

import logging

from django.db import Error


class NoPatientData(logging.Filter):
    """Replace what a database error says (it quotes values) by its class and place."""

    def filter(self, record):
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, Error):
            at = error.__traceback__
            while at and at.tb_next:
                at = at.tb_next
            place = f"{at.tb_frame.f_code.co_qualname}:{at.tb_lineno}" if at else "?"
            record.msg, record.args = f"{type(error).__name__} at {place}", ()
            record.exc_info = record.exc_text = None
        return True
