#!/usr/bin/env python
"""Django's command line."""

import os
import sys

# These change tables and run as the owner of the database; all others as the role that serves.
OWNER_COMMANDS = {"migrate", "makemigrations", "sqlmigrate", "showmigrations", "pgtrigger"}


def main():
    if len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS:
        os.environ["NMD_DB_ROLE"] = "owner"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nmdtracker.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
