#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks that a page shows an example as it is: the listing under the link to its file is the file
without the comment at its head, and the output under that is what the program prints.

Usage: check_example.py PAGE SOURCE PROGRAM
"""

import difflib
import pathlib
import re
import subprocess
import sys
import tempfile

PROJECT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "tools"))
from docs_snippets import blocks_of  # noqa: E402


def shown_block(page, source):
    """The first block of code behind the link to the file."""
    text = page.read_text()
    link = text.index(f"examples/{source.name})")
    line = text.count("\n", 0, link) + 1
    return next(block for block in blocks_of(page.name, text) if block.line > line)


def is_same(shown, real, what):
    lines = [text.splitlines(True) for text in (shown or "", real)]
    sys.stdout.writelines(difflib.unified_diff(*lines, f"the page's {what}", f"the {what}"))
    return shown == real


def main():
    page, source, program = (pathlib.Path(argument).resolve() for argument in sys.argv[1:])
    block = shown_block(page, source)
    code = re.sub(r"\A(?://.*\n)*\n*", "", source.read_text())
    with tempfile.TemporaryDirectory() as scratch:
        printed = subprocess.run([program], cwd=scratch, check=True, capture_output=True, text=True)
    same = [is_same(block.text, code, "program"), is_same(block.output, printed.stdout, "output")]
    return 0 if all(same) else 1


if __name__ == "__main__":
    sys.exit(main())
