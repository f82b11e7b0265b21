"""One connection to the mail server, and what its answers mean for a message."""

import smtplib
import ssl
from contextlib import suppress

from django.conf import settings
from django.core.mail.utils import DNS_NAME


class NoServer(Exception):
    """The mail server cannot be reached or does not let us in: no message is to blame."""


class Refused(Exception):
    """The server will never take this message (5xx)."""


class Later(Exception):
    """The server does not take this message now (4xx), or went away before it had it."""


class Uncertain(Exception):
    """The connection broke after the text was handed over: the server may have taken it."""


class Courier:
    """Hands messages over one by one on a connection that is opened when first needed."""

    def __init__(self):
        self.link = None

    def __enter__(self):
        return self

    def __exit__(self, *error):
        if self.link is not None:
            with suppress(smtplib.SMTPException, OSError):
                self.link.quit()
        self.close()

    def address(self, recipient):
        """Open an envelope: EHLO, MAIL, RCPT. Raises NoServer, Refused or Later."""
        self._connect()
        try:
            self._expect(self.link.mail(settings.DEFAULT_FROM_EMAIL), refused=Later)
            self._expect(self.link.rcpt(recipient))
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise Later(_named(error)) from error
        except (Refused, Later):
            self.drop()
            raise

    def hand_over(self, content):
        """The text (bytes). On return the server has it. Raises Refused, Later or Uncertain."""
        try:
            answer = self.link.data(content)
        except smtplib.SMTPDataError as error:  # it did not want the text at all
            answer = error.smtp_code, error.smtp_error
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise Uncertain(_named(error)) from error
        self._expect(answer)

    def drop(self):
        """Throw the open envelope away."""
        if self.link is not None:
            try:
                self.link.rset()
            except (smtplib.SMTPException, OSError):
                self.close()

    def close(self):
        if self.link is not None:
            self.link.close()
        self.link = None

    def _expect(self, answer, refused=Refused):
        """250 is yes; 421 also closes the connection."""
        code, text = answer
        if code in (250, 251):
            return
        if code == 421:
            self.close()
        said = f"{code} {text.decode(errors='replace')}"
        raise refused(said) if 500 <= code < 600 else Later(said)

    def _connect(self):
        if self.link is not None:
            return
        kind = smtplib.SMTP_SSL if settings.EMAIL_USE_SSL else smtplib.SMTP
        more = {"context": ssl.create_default_context()} if settings.EMAIL_USE_SSL else {}
        try:
            place = settings.EMAIL_HOST, settings.EMAIL_PORT
            name = DNS_NAME.get_fqdn()
            self.link = kind(*place, name, timeout=settings.EMAIL_TIMEOUT, **more)
            self.link.ehlo_or_helo_if_needed()
            if settings.EMAIL_USE_TLS:
                self.link.starttls(context=ssl.create_default_context())
            if settings.EMAIL_HOST_USER:
                self.link.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise NoServer(_named(error)) from error


def _named(error):
    """What happened, without the addresses that a server may quote."""
    code = getattr(error, "smtp_code", None)
    return f"{type(error).__name__} {code}" if code else type(error).__name__
