"""What a chart shows of a case."""

import re
from datetime import timedelta

from django.utils import timezone

from tests import make
from workflows import services


def ck(case, doctor, number, days_ago, value):
    step = services.add_step(
        case,
        code=f"ck_{number}",
        label=f"CK, number {number}",
        modality="labs",
        captures=["lab:ck"],
        profile="soon",
        days=7,
        by=doctor,
        at=timezone.now(),
    )
    day = timezone.localdate() - timedelta(days=days_ago)
    return make.reported(step, doctor, {"lab.ck.x_uln": value}, on=day)


def test_results_stand_by_modality_and_the_latest_of_each_test_on_top(client, patient, doctor):
    case = make.case(patient, doctor, on=timezone.localdate() - timedelta(days=90))
    for number, days_ago in ((1, 60), (2, 10), (3, 30)):
        ck(case, doctor, number, days_ago, 3.0)
    make.reported(case.steps.get(code="tri_exam"), doctor, {"ex.mrc_sum": 58})
    client.force_login(doctor)
    page = re.sub(r"\s+", " ", client.get(f"/cases/{case.pk}/").content.decode())
    found = page.partition('id="h-res"')[2].partition("</section>")[0]
    assert found.index(">Examination</h3>") < found.index(">Labs</h3>")
    top, _, earlier = found.partition("2 earlier")
    assert "CK, number 2" in top
    assert "CK, number 1" not in top
    assert earlier.index("CK, number 3") < earlier.index("CK, number 1")
