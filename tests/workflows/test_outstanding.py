"""What is outstanding can be read while the product is down."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from audit.models import Event
from tests import make
from workflows.models import Step


def test_a_page_a_clinic_has_all_that_is_open_and_needs_no_site(tmp_path, case, doctor):
    south = make.clinic("south")
    make.case(make.patient(south, given_names="Elsewhere", mrn="0099-0001"), doctor)
    late = make.reported(case.steps.get(code="tri_labs"), doctor, {}, flag="critical")
    Step.objects.filter(pk=late.pk).update(due_on=timezone.localdate() - timezone.timedelta(9))
    call_command("outstanding", str(tmp_path))
    path = tmp_path / "outstanding-north.html"
    page = path.read_text()
    assert page.count("<tr>") == 1 + Step.objects.open().filter(case=case).count()
    assert "0047-2291" in page
    assert "To review" in page
    assert "critical a result" in page
    assert page.index("<b>overdue</b>") < page.index("<tr>", page.index("<tbody>") + 40)
    assert "Elsewhere" not in page
    assert not any(word in page for word in ("<script", "<link", "href=", "src="))
    assert path.stat().st_mode & 0o777 == 0o600
    assert not list(tmp_path.glob("*.new"))
    assert Event.objects.filter(verb="worklist.export").count() == 2, "it is on record"


def test_the_folder_has_to_be_there(tmp_path, rows):
    with pytest.raises(CommandError, match="no such folder"):
        call_command("outstanding", str(tmp_path / "nowhere"))
