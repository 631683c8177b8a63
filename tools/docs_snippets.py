#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compiles and runs the C++ of the documentation: every ```cpp block of README.md and docs/**/*.md.

  ```cpp           a program if it has `int main`, else declarations: a translation unit of its own
  ```cpp body      statements of a function
  ```text          directly after one of these, or after one line that ends in a colon: what the
                   block above prints, to the letter
  <!-- prelude     code put before every later block of the page, which the page does not show
  ... -->

A block without any #include gets <trainlog/trainlog.hpp> and <iostream>. Programs are run, and
bodies with an output; those of one page in order and in one directory, so that one may load what
another saved. The rest is compiled only.

Usage: docs_snippets.py [--compiler CXX] [--jobs N] [PAGE...]
"""

import argparse
import concurrent.futures
import dataclasses
import difflib
import os
import pathlib
import re
import subprocess
import sys
import tempfile

PROJECT = pathlib.Path(__file__).resolve().parent.parent
FLAGS = ["-std=c++20", "-Wall", "-Wextra", "-Wno-unused", "-Werror", f"-I{PROJECT}/include"]
DEFAULT_INCLUDES = "#include <trainlog/trainlog.hpp>\n#include <iostream>\n"
RUN_SECONDS = 60

FENCE = re.compile(r"(?ms)^(?P<indent> *)```(?P<info>[^\n`]*)\n(?P<text>.*?)^ *``` *$")
PRELUDE = re.compile(r"(?ms)^<!-- prelude\b[^\n]*\n(?P<text>.*?)^-->")
NOTHING_BETWEEN = re.compile(r"\s*(?:\S[^\n]*:\n\s*)?")


@dataclasses.dataclass
class Block:
    page: str
    line: int
    text: str
    is_body: bool
    preludes: list
    output: str | None = None

    @property
    def is_program(self):
        return self.is_body or re.search(r"\bint main\s*\(", self.text) is not None

    @property
    def runs(self):
        return self.output is not None or (self.is_program and not self.is_body)

    @property
    def name(self):
        return re.sub(r"\W", "_", self.page) + f"_{self.line}"

    def source(self):
        """The translation unit, with line numbers of the page."""
        texts = [self.text, *(text for _, text in self.preludes)]
        out = DEFAULT_INCLUDES if any("#include" not in text for text in texts) else ""
        for line, text in self.preludes:
            out += f'#line {line} "{self.page}"\n{text}'
        head, tail = ("int main() {\n", "}\n") if self.is_body else ("", "")
        return out + f'{head}#line {self.line} "{self.page}"\n{self.text}{tail}'


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def without_indent(match):
    return re.sub(f"(?m)^ {{0,{len(match['indent'])}}}", "", match["text"])


def blocks_of(page, text):
    """The C++ blocks of a page in order, each with what stands before it and what it prints."""
    preludes, blocks, end_of_code = [], [], None
    parts = [*PRELUDE.finditer(text), *FENCE.finditer(text)]
    for part in sorted(parts, key=lambda match: match.start()):
        line = line_of(text, part.start("text"))
        if part.re is PRELUDE:
            preludes.append((line, part["text"]))
            continue
        info = part["info"].split()
        if info in (["cpp"], ["cpp", "body"]):
            is_body = len(info) == 2
            blocks.append(Block(page, line, without_indent(part), is_body, list(preludes)))
            end_of_code = part.end()
            continue
        between = text[end_of_code : part.start()] if end_of_code else None
        if info == ["text"] and between is not None and NOTHING_BETWEEN.fullmatch(between):
            blocks[-1].output = without_indent(part)
        end_of_code = None
    return blocks


def call(command, **options):
    return subprocess.run(command, text=True, errors="replace", capture_output=True, **options)


class Checker:
    def __init__(self, compiler, scratch):
        self.compiler = compiler
        self.scratch = scratch

    def precompile(self):
        """The default includes, compiled once: most blocks begin with them."""
        header = self.scratch / "default_includes.hpp"
        header.write_text(DEFAULT_INCLUDES)
        call([self.compiler, *FLAGS, "-x", "c++-header", str(header), "-o", f"{header}.gch"])

    def compile(self, block):
        """What the compiler said, or None when it was content."""
        source = self.scratch / f"{block.name}.cpp"
        text = block.source()
        if text.startswith(DEFAULT_INCLUDES):
            text = '#include "default_includes.hpp"\n' + text.removeprefix(DEFAULT_INCLUDES)
        source.write_text(text)
        goal = ["-o", str(source.with_suffix(""))] if block.is_program else ["-fsyntax-only"]
        result = call([self.compiler, *FLAGS, str(source), *goal])
        return result.stderr or "the compiler failed" if result.returncode else None

    def run(self, block):
        """What was wrong with the run, or None."""
        where = self.scratch / (re.sub(r"\W", "_", block.page) + ".run")
        where.mkdir(exist_ok=True)
        try:
            result = call([str(self.scratch / block.name)], cwd=where, timeout=RUN_SECONDS)
        except subprocess.TimeoutExpired:
            return f"still running after {RUN_SECONDS} s\n"
        if result.returncode:
            return f"ended with status {result.returncode}\n{result.stdout}{result.stderr}"
        if block.output is None or result.stdout == block.output:
            return None
        lines = [text.splitlines(True) for text in (block.output, result.stdout)]
        return "".join(difflib.unified_diff(*lines, "the page", "the program"))

    def check(self, block, compile_fault):
        if compile_fault is None and block.runs:
            return self.run(block)
        return compile_fault


def pages(names):
    if names:
        return [pathlib.Path(name).resolve() for name in names]
    return [*PROJECT.glob("README.md"), *sorted(PROJECT.glob("docs/**/*.md"))]


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--compiler", default=os.environ.get("CXX", "g++"))
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("pages", nargs="*", metavar="PAGE")
    arguments = parser.parse_args()

    blocks = []
    for page in pages(arguments.pages):
        blocks += blocks_of(os.path.relpath(page, PROJECT), page.read_text())

    failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        checker = Checker(arguments.compiler, pathlib.Path(scratch))
        checker.precompile()
        with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
            for block, fault in zip(blocks, pool.map(checker.compile, blocks)):
                fault = checker.check(block, fault)
                if fault is not None:
                    failed += 1
                    print(f"FAILED {block.page}:{block.line}\n{fault}", flush=True)
    print(f"{len(blocks) - failed} passed, {failed} failed")
    return 1 if failed or not blocks else 0


if __name__ == "__main__":
    sys.exit(main())
