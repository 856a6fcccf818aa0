#!/usr/bin/env python
"""Django's command line for the portal."""

import os
import sys
from pathlib import Path

from django.core.management import execute_from_command_line

from apps.operations.management.commands import serve
from sbk_portal.left_reader import ends_with_its_reader
from sbk_portal.writable import DEFAULT_FOLDER, trouble_of

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sbk_portal.settings")
    try:
        with ends_with_its_reader():
            if sys.argv[1:2] == ["serve"]:
                # It reads the settings only after it has completed the environment.
                serve.Command().run_from_argv(sys.argv)
            else:
                execute_from_command_line(sys.argv)
    except Exception as error:
        sentence = trouble_of(error, Path(os.environ.get("SBK_VAR_DIR", DEFAULT_FOLDER)))
        if not sentence:
            raise
        sys.exit(f"CommandError: {sentence}")
