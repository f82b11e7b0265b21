"""The one error of an import: a sentence that tells a person why a document was not taken."""

from django.core.exceptions import NON_FIELD_ERRORS


class Refused(Exception):
    """The document is not imported; the text says why, without the patient's name."""


def sentence_of(error):
    """A ValidationError of our own models or services as one line."""
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages)
    parts = []
    for field, messages in error.message_dict.items():
        name = "" if field == NON_FIELD_ERRORS else f"{field.replace('_', ' ')}: "
        parts += [f"{name}{message}" for message in messages]
    return " ".join(parts)
