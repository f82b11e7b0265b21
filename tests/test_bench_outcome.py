"""What an attack on the reminders left behind is judged without mercy."""

from email.message import EmailMessage

import pytest
from django.utils import timezone

from bench.owed import Outcome
from workflows.models import Reminder


def told(message_id, link="https://x/steps/1/", to="a@example.org"):
    message = EmailMessage()
    message["Message-ID"], message["Subject"], message["To"] = message_id, "late", to
    message.set_content(f"A test order is overdue. {link}")
    return message


def sent(message_id, **fields):
    now = timezone.now()
    usual = {"state": "sent", "attempts": 1, "uncertain": 0, "sent_at": now}
    return Reminder(message_id=message_id, first_attempt_at=now, **usual | fields)


@pytest.mark.parametrize(
    ("rows", "messages", "broken"),
    [
        ([sent("<1>", uncertain=1)], [told("<1>"), told("<1>")], []),
        ([sent("<1>")], [told("<1>"), told("<1>")], ["1 doubled and not marked"]),
        ([sent("<1>"), sent("<2>")], [told("<1>")], ["1 lost"]),
        ([sent("<1>")], [told("<1>"), told("<9>", "https://x/")], ["1 of no reminder"]),
        (
            [sent("<1>"), sent("<2>")],
            [told("<1>"), told("<2>")],
            ["1 told in two different copies"],
        ),
        (
            [sent("<1>", state="dead", sent_at=None)],
            [told("<1>")],
            ["1 given up or over the budget of tries"],
        ),
        ([sent("<1>", attempts=13)], [told("<1>")], ["1 given up or over the budget of tries"]),
    ],
)
def test_a_broken_promise_of_delivery_is_said(rows, messages, broken):
    found = Outcome(rows, messages)
    assert found.broken == broken
    assert str(found)
