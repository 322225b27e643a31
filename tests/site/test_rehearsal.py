"""What measures a site runs beside it, in processes that are not a site."""

import os
import subprocess
import sys


def test_a_browser_in_a_process_of_its_own_needs_no_settings():
    words = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    command = [sys.executable, "-c", "from ambit.site.rehearsal import read_on"]
    subprocess.run(command, env=words, check=True)
