"""What an operator reads is what the code does."""

import re

from nmdtracker.embedded.paths import ROOT

READS = re.compile(r"""(?:env\.\w+\(|environ\.get\(|environ\[|getenv\()\s*['"]([A-Z][A-Z_]+)['"]""")
DJANGO = {"DJANGO_SETTINGS_MODULE", "DEBIAN_FRONTEND"}


def test_every_variable_that_the_code_reads_is_explained():
    sources = (ROOT / "nmdtracker").rglob("*.py")
    read = {name for path in sources for name in READS.findall(path.read_text())}
    assert {"NMD_HOSTS", "DATABASE_URL", "NMD_IDLE_SECONDS"} <= read
    page = (ROOT / "docs/operations.md").read_text()
    assert {name for name in read - DJANGO if f"`{name}`" not in page} == set()
