#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Reads .tlog files, by docs/format.md alone: an independent second reader.

Usage: read_tlog.py FILE...        prints the schemas' texts, and a row a line, as JSON; of a log,
                                   with the rows of its journal, at last what was counted
       read_tlog.py --check DIR    compares every DIR/*.tlog with DIR/*.jsonl; that of a log has at
                                   its end what is counted, of how many rows it has one, and true
                                   if parts of the log are damaged

A float that is NaN is shown by its bits, an infinity as text, an enumerator by its name.
"""

import json
import pathlib
import sys

from tlog_blocks import COLUMNS, END, ROWS, SCHEMA, blocks_of, is_begun
from tlog_log import Log
from tlog_types import Elements, Malformed, fields_text, read_rows, read_schema, require, rows_of


def read_snapshot(data):
    """The schema's text and the rows."""
    blocks = list(blocks_of(data))
    require(blocks and blocks[-1].kind == END, "no end")
    blocks = [each for each in blocks if each.kind in (SCHEMA, ROWS, COLUMNS, END)]
    kinds = [each.kind for each in blocks]
    require(kinds == [SCHEMA, *[ROWS] * (len(kinds) - 2), END], "blocks out of order")
    schema_id, fields = read_schema(blocks[0].payload)
    require(schema_id == 0, "a schema that is not the first")
    rows = []
    for block in blocks[1:-1]:
        schema_id, first, count, elements = read_rows(block.payload)
        require(schema_id == 0 and first == len(rows), "rows that do not belong there")
        rows += rows_of(elements, fields, count)
    require(Elements(blocks[-1].payload).number("Q") == len(rows), "a wrong number of rows")
    return [fields_text(fields), *rows]


def journal_beside(path):
    journal = path.with_name(path.name + "-journal")
    return journal.read_bytes() if journal.exists() else None


def read_log(path):
    return Log(path.read_bytes(), journal_beside(path))


def lines_of(items):
    return [json.dumps(each, ensure_ascii=False) for each in items]


def lines(path, is_log):
    """What stands in a file: schemas' texts, rows, and of a log in brackets what was counted."""
    if not is_log:
        return lines_of(read_snapshot(path.read_bytes()))
    log = read_log(path)
    return lines_of([*log.items, [log.counts()]])


def variants(data):
    """The file cut at every byte, and with a bit of every byte changed."""
    for i in range(len(data)):
        yield data[:i]
        yield data[:i] + bytes([data[i] ^ 1 << i % 8]) + data[i + 1 :]


def is_noticed_in_snapshot(data):
    try:
        read_snapshot(data)
        return False
    except Malformed:
        return True


def is_subsequence(some, all_of_them):
    rest = iter(all_of_them)
    return all(each in rest for each in some)


def is_noticed_in_log(data, rows):
    """Whether a log that was closed is known to be damaged, and holds no row that was not there."""
    try:
        log = Log(data)
    except Malformed:
        return True
    noticed = log.scan.damage or log.scan.is_unfinished or not log.closed
    return noticed and is_subsequence(lines_of(log.items), rows)


def is_noticed(path, is_noticed_in):
    """Whether all damage is noticed, of a file that is small enough to try."""
    return path.stat().st_size > 1000 or all(map(is_noticed_in, variants(path.read_bytes())))


def is_as_expected(path, expected):
    if not expected[-1].startswith("["):
        return lines(path, False) == expected and is_noticed(path, is_noticed_in_snapshot)
    log, (counts, every, *damaged) = read_log(path), json.loads(expected[-1])
    rows = [each for each in log.items if isinstance(each, dict)]
    same = lines_of(rows[::every]) == lines_of(map(json.loads, expected[:-1]))
    right = log.counts() == counts and bool(log.scan.damage) == bool(damaged)
    items = lines_of(log.items)
    return same and right and not log.scan.is_unfinished and (
        not log.closed or is_noticed(path, lambda data: is_noticed_in_log(data, items)))


def check(directory):
    faults = 0
    files = sorted(directory.glob("*.tlog"))
    for path in files:
        expected = path.with_suffix(".jsonl").read_text(encoding="utf-8").splitlines()
        good = is_as_expected(path, expected)
        print(path.name, "ok" if good else "DIFFERS")
        faults += not good
    return 1 if faults or not files else 0


def main(arguments):
    if len(arguments) == 2 and arguments[0] == "--check":
        return check(pathlib.Path(arguments[1]))
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    for path in map(pathlib.Path, arguments):
        data = path.read_bytes()
        is_log = is_begun(data) or any(data[24:40])
        print(*lines(path, is_log), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
