# SPDX-License-Identifier: MIT
"""Rows of a log and of the journal beside it, whole or damaged, by docs/format.md."""

from tlog_blocks import COLUMNS, END, GAP, HEADER, INDEX, ROWS, SCHEMA, Scan
from tlog_journal import journal_of
from tlog_streams import Budget, Stream, field_column, named, stream_count
from tlog_types import (Elements, Malformed, fields_text, read_row, read_rows, read_schema, require,
                        rows_of)


class Columns:
    """A columns block: its head, and its streams as bytes."""

    def __init__(self, payload, checked):
        head = Elements(payload[:checked])
        (self.schema_id, self.count, self.first_row, self.journal_id,
         self.journal_end) = (head.number(code) for code in "IIQQQ")
        require(1 <= self.count <= 2**20, "a wrong number of rows")
        self.streams, body = [], Elements(payload[checked:])
        while head.at < checked:
            encoding, size, check = head.number("B"), head.varint(), head.number("I")
            self.streams.append(Stream(encoding, body.bytes(size), check))
        require(body.at == len(body.data), "bytes behind the streams")
        self.budget = Budget(max(2**24, len(payload)))

    def is_whole(self):
        return all(each.is_whole() for each in self.streams)

    def rows(self, fields):
        """The rows, and whether all fields are there: those that are damaged are left out."""
        counts = [stream_count(kind) for _, kind in fields]
        require(sum(counts) == len(self.streams), "a wrong number of streams")
        columns, at = {}, 0
        for (name, kind), streams in zip(named(fields), counts):
            part = self.streams[at : at + streams]
            columns[name] = field_column(kind, self.count, part, self.budget)
            at += streams
        there = [name for name, values in columns.items() if values is not None]
        rows = [{name: columns[name][i] for name in there} for i in range(self.count)]
        return rows, len(there) == len(columns)


class Log:
    """What a log and its journal hold: items are schemas as text, and rows."""

    def __init__(self, data, journal=None):
        self.scan = Scan(data, self.is_right)
        self.journal = self.read_journal(journal)
        self.journal_at = self.journal.released if self.journal else 0
        self.items, self.schemas, self.shown = [], {}, None
        self.rows = self.recovered = self.lost = self.missing = self.damaged = 0
        self.next_row, self.known_rows, self.journal_lost = 0, 0, 0
        self.closed, self.before = False, []
        blocks = list(self.scan.blocks())
        self.read_schemas(each for each in blocks if each.kind == SCHEMA)
        for block in blocks:
            self.take(block)
        self.closed = self.closed and self.journal is None
        self.take_journal()

    def read_journal(self, data):
        try:
            return None if data is None else journal_of(data, self.scan.file_id)
        except Malformed as fault:
            self.scan.note(0, 0, f"the journal: {fault}")
            return None

    def counts(self):
        names = "rows recovered lost missing damaged closed".split()
        return {name: getattr(self, name) for name in names}

    def take(self, block):
        reader = {SCHEMA: self.take_schema, ROWS: self.take_rows, END: self.take_end,
                  COLUMNS: self.take_columns, GAP: self.take_gap, INDEX: self.take_index}
        entry = [block.kind, (block.at - (self.before[-1][0] if self.before else HEADER)) // 8]
        self.closed = block.kind == END
        try:
            if block.kind in reader:
                entry += reader[block.kind](block) or []
        except Malformed as fault:
            self.scan.note(block.at, block.after, str(fault))
        self.before.append((block.at, entry))

    def read_schemas(self, blocks):
        """All of them: one that is damaged may be repeated behind its rows."""
        for block in blocks:
            try:
                schema_id, fields = read_schema(block.payload)
                self.schemas.setdefault(schema_id, (block.payload, fields))
            except Malformed:
                pass  # take_schema says so

    def fields(self, schema_id):
        require(schema_id in self.schemas, "rows of a schema that is not there")
        return self.schemas[schema_id][1]

    def take_schema(self, block):
        schema_id, _ = read_schema(block.payload)
        require(self.schemas[schema_id][0] == block.payload, "another schema of the same number")

    def is_right(self, block):
        """False for a block of the journal that a machine that failed may not have kept whole."""
        if block.kind != COLUMNS or self.journal is None:
            return True
        try:
            columns = Columns(block.payload, block.checked)
        except Malformed:
            return True
        if (columns.journal_id != self.journal.id or columns.journal_end <= self.journal.released
                or columns.is_whole()):
            return True
        self.known_rows = max(self.known_rows, columns.first_row + columns.count)
        return False

    def is_new(self, block, first_row):
        """Whether rows from that one on were not there before; counts those that are missing."""
        if first_row < self.next_row:
            self.scan.note(block.at, block.after, "rows that were there before")
            return False
        self.missing += first_row - self.next_row
        self.next_row = first_row
        return True

    def add(self, schema_id, rows, are_whole=True):
        text = fields_text(self.fields(schema_id))
        if text != self.shown and rows:
            self.items.append(text)
            self.shown = text
        if are_whole:
            self.items += rows
            self.rows += len(rows)
        else:
            self.damaged += len(rows)

    def add_or_count(self, schema_id, count, read):
        """Rows whose schema is not there, or that are malformed, are damaged."""
        self.next_row += count
        try:
            self.add(schema_id, *read(self.fields(schema_id)))
        except Malformed:
            self.damaged += count
            raise

    def take_rows(self, block):
        schema_id, first, count, elements = read_rows(block.payload)
        if self.is_new(block, first):
            self.add_or_count(schema_id, count, lambda fields: (rows_of(elements, fields, count),))
        return [schema_id, count]

    def take_columns(self, block):
        columns = Columns(block.payload, block.checked)
        is_of_journal = self.journal is not None and columns.journal_id == self.journal.id
        if not columns.is_whole():
            self.scan.note(block.at, block.after, "a damaged stream")
        if is_of_journal and columns.first_row >= self.next_row:
            self.take_from_journal(columns)
        if self.is_new(block, columns.first_row):
            self.add_or_count(columns.schema_id, columns.count, columns.rows)
        return [columns.schema_id, columns.count]

    def take_from_journal(self, columns):
        """Rows of the journal whose block, which stood before this one, is not right."""
        missing = columns.first_row - self.next_row
        if columns.journal_end > self.journal_at:
            if missing:
                rows = self.journal.rows(self.journal_at, columns.journal_end)
                others = rows[: max(0, len(rows) - columns.count)]
                self.recover(others[max(0, len(others) - missing) :])
            self.journal_at = columns.journal_end

    def recover(self, rows):
        schema_id = self.journal.schema_id
        for row in rows:
            try:
                self.add_or_count(schema_id, 1, lambda fields: (rows_of(Elements(row), fields, 1),))
                self.recovered += 1
            except Malformed as fault:
                self.scan.note(0, 0, f"a row of the journal: {fault}")

    def take_gap(self, block):
        elements = Elements(block.payload)
        first_row, count, journal_id, journal_lost = (elements.number("Q") for _ in range(4))
        if self.is_new(block, first_row):
            self.lost += count
            if self.journal and journal_id == self.journal.id:
                self.journal_lost = max(self.journal_lost, journal_lost)

    def take_index(self, block):
        elements = Elements(block.payload)
        entries = [self.entry(elements) for _ in range(elements.count())]
        require(elements.at == len(block.payload), "bytes behind the index")
        require(entries == [entry for _, entry in self.before], "an index that is wrong")

    @staticmethod
    def entry(elements):
        kind, distance = elements.varint(), elements.varint()
        return [kind, distance] + [elements.varint()
                                   for _ in range(2 if kind in (ROWS, COLUMNS) else 0)]

    def take_end(self, block):
        elements = Elements(block.payload)
        count = elements.number("Q")
        index = elements.number("Q") if len(block.payload) >= 16 else 0
        places = [at for at, entry in self.before if entry[0] == INDEX]
        require(self.is_new(block, count), "a wrong number of rows")
        require(index == 0 or block.at - index in places, "an index that is not there")

    def take_journal(self):
        """The rows that are not in the log yet."""
        journal = self.journal
        if journal is None:
            return
        self.missing += max(0, journal.first_row - self.next_row)
        self.next_row = max(self.next_row, journal.first_row)
        self.recover(journal.rows(self.journal_at, self.journal_at + journal.size))
        self.missing += max(0, self.known_rows - self.next_row)
        self.lost += max(0, journal.lost - self.journal_lost)
