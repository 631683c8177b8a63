#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks what no compiler checks: the arrows between the layers, the headers that cost compile
time, the skeleton of a header, one version in one place, no path of this machine in the tree, names of
tests that ctest can pass on.

Usage: check.py [PROJECT]. Prints one line a fault; ends with status 1 if there was one.
"""

import pathlib
import re
import sys

# A header may include its own layer and the layers named here.
BELOW = {
    "detail": set(),
    "record": {"detail"},
    "schema": {"detail", "record"},
    "codec": {"detail", "record", "schema"},
    "log": {"detail", "record", "schema", "codec"},
    "summary": {"detail", "record", "schema", "codec"},
    "run": {"detail", "record", "schema", "codec", "log", "summary"},
}
FRONT = {"version": "detail", "json": "codec", "csv": "codec", "binary": "codec"}

# Who needs only records pays for nothing else, and summaries need no JSON.
LIGHT_LAYERS = {"detail", "record", "schema", "summary"}
LIGHT_FRONTS = {"version.hpp", "record.hpp", "schema.hpp", "binary.hpp", "summary.hpp"}
HEAVY = re.compile(r"nlohmann/.*|iostream|regex|filesystem")

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
TEXT = {".hpp", ".cpp", ".cu", ".cuh", ".py", ".sh", ".md", ".txt", ".cmake", ".json", ".yml", ""}
CODE = {".hpp", ".cpp", ".cu", ".cuh"}
NOT_OURS = {".git", ".cache", "build", "runs"}
UMBRELLA = "trainlog.hpp"


def layer_of(header):
    """The layer of a path relative to include/trainlog; None for the umbrella."""
    first = pathlib.PurePosixPath(header).parts[0]
    name = first.removesuffix(".hpp")
    return None if header == UMBRELLA else FRONT.get(name, name)


def includes(text):
    return [(text.count("\n", 0, m.start(2)) + 1, m[1], m[2]) for m in INCLUDE.finditer(text)]


def check_arrows(header, text):
    layer = layer_of(header)
    if layer is None:
        return
    if layer not in BELOW:
        yield 1, f"belongs to no layer ('{layer}')"
        return
    for line, quote, target in includes(text):
        if not target.startswith("trainlog/"):
            if quote == '"':
                yield line, f'"{target}": own headers are included as <trainlog/...>'
            continue
        other = layer_of(target.removeprefix("trainlog/"))
        if other != layer and other not in BELOW[layer]:
            yield line, f"{layer} may not include {other or 'the umbrella'} (<{target}>)"


def reached(root, header, seen):
    """Every header below `header`, itself included, and the standard ones they include."""
    if header in seen or not (root / header).is_file():
        return
    seen.add(header)
    for line, _, target in includes((root / header).read_text()):
        yield header, line, target
        if target.startswith("trainlog/"):
            yield from reached(root, target.removeprefix("trainlog/"), seen)


def check_weight(root, header):
    if layer_of(header) not in LIGHT_LAYERS and header not in LIGHT_FRONTS:
        return
    for place, line, target in reached(root, header, set()):
        if HEAVY.fullmatch(target):
            yield 1, f"<{target}> is too heavy here (from {place}:{line})"


def check_skeleton(header, text):
    lines = text.splitlines()
    guard = "TRAINLOG_" + re.sub(r"\W", "_", header).upper()
    if lines[:1] != ["// SPDX-License-Identifier: MIT"]:
        yield 1, "the first line is not the SPDX line"
    if len(lines) < 2 or not lines[1].startswith("// "):
        yield 2, "the second line does not say what the header implements"
    if f"#ifndef {guard}\n#define {guard}\n" not in text:
        yield 1, f"the include guard is not {guard}"


def check_headers(project):
    root = project / "include" / "trainlog"
    for path in sorted(root.rglob("*.hpp")):
        header, text = path.relative_to(root).as_posix(), path.read_text()
        faults = [*check_skeleton(header, text), *check_arrows(header, text)]
        for line, fault in [*faults, *check_weight(root, header)]:
            yield path, line, fault


def project_files(project):
    for path in sorted(project.rglob("*")):
        top = path.relative_to(project).parts[0]
        if top not in NOT_OURS and path.is_file() and path.suffix in TEXT:
            yield path


def check_version(project):
    home = project / "include" / "trainlog" / "version.hpp"
    numbers = re.findall(r"#define TRAINLOG_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)", home.read_text())
    if len(numbers) != 3:
        yield home, 1, "does not define the three numbers of the version"
        return
    version = re.compile(r"(?<![\d.])" + re.escape(".".join(numbers)) + r"(?![\d.]*\d)")
    for path in project_files(project):
        if path.name == "CHANGELOG.md" or path.suffix == ".md" and "benchmarks" in path.name:
            continue
        text = path.read_text(errors="replace")
        if path != home and path.suffix in CODE and "define TRAINLOG_VERSION" in text:
            yield path, 1, "defines the version a second time"
        if path.suffix != ".md" and path.parent.name != "data" and version.search(text):
            yield path, 1, f"repeats the version {'.'.join(numbers)}"


def machine_paths(project):
    paths = {str(project), str(pathlib.Path.home())}
    if len(project.parent.parts) > 1 and project.parent.name not in {"tmp", "home", "src", "build"}:
        paths.add(str(project.parent))
    return [p + "/" for p in paths if len(p) > 1]


def check_paths(project):
    leak = re.compile(r"(?<![\w.])(" + "|".join(map(re.escape, machine_paths(project))) + ")")
    for path in project_files(project):
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            if found := leak.search(line):
                yield path, number, f"a path of this machine: {found[1]}"


def check_test_names(project):
    """ctest cuts a name at a `;`, and runs neither half."""
    case = re.compile(r'TEST_CASE\(\s*"((?:[^"\\]|\\.)*)"')
    for path in sorted((project / "tests").rglob("*.cpp")):
        text = path.read_text()
        for found in case.finditer(text):
            if re.search(r"[;\\]", found[1]):
                yield path, text.count("\n", 0, found.start()) + 1, f"a name ctest cannot pass on: {found[1]}"


def main():
    project = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    checks = (check_headers, check_version, check_paths, check_test_names)
    faults = [fault for check in checks for fault in check(project)]
    for path, line, fault in faults:
        print(f"{path.relative_to(project)}:{line}: {fault}")
    print(f"{len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
