"""The pages' scripts and style sheets: what needs no browser runs in node; all have one format."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
STATIC = "api/web/static"


def node(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The one that installed the libraries: of the machine, or of this environment."""
    program = shutil.which("node", path=f"{os.environ['PATH']}:{Path(sys.executable).parent}")
    assert program, "node is missing: run `make dev`"
    command = [program, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_scripts_that_need_no_browser_do_what_they_say() -> None:
    """Each case is named in ``pure.test.js``."""
    done = node("--test", "tests/web/")
    assert done.returncode == 0, done.stdout
    assert "# fail 0" in done.stdout


def test_scripts_and_style_sheets_have_the_format_of_prettier() -> None:
    """One declaration a line, a hundred columns."""
    prettier = ROOT / "node_modules" / "prettier" / "bin" / "prettier.cjs"
    files = (f"{STATIC}/**/*.js", f"{STATIC}/css/*.css", "scripts/*.js", "tests/web/*.js")
    done = node(str(prettier), "--check", *files)
    assert done.returncode == 0, done.stdout + done.stderr
