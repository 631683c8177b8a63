#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Reads .tlog files, by docs/format.md alone: an independent second reader.

Usage: read_tlog.py FILE           prints the schema's text, then a row a line, as JSON
       read_tlog.py --check DIR    compares every DIR/*.tlog with DIR/*.jsonl

A float that is NaN is shown by its bits, an infinity as text, an enumerator by its name.
"""

import json
import math
import pathlib
import struct
import sys

SCALARS = "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float32 float64".split()
FORMATS = "?bhiqBHIQfd"
MAGIC = bytes.fromhex("89544C4F470D0A1A")
SYNC = bytes.fromhex("544C42B10C4B0D0A")
ENUM, OPTIONAL, LIST, ARRAY, MAP, RECORD, DURATION, TIME = range(13, 21)
INTEGERS = range(2, 10)
NUMBERS = range(2, 12)


class Malformed(Exception):
    pass


def require(condition, what):
    if not condition:
        raise Malformed(what)


def crc_table():
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
        yield byte


CRC_TABLE = list(crc_table())


def crc(data):
    state = 0xFFFFFFFF
    for byte in data:
        state = state >> 8 ^ CRC_TABLE[(state ^ byte) & 0xFF]
    return state ^ 0xFFFFFFFF


def fnv1a(data):
    value = 0xCBF29CE484222325
    for byte in data:
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return value


class Elements:
    """The elements at the front of some bytes."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def bytes(self, size):
        require(size <= len(self.data) - self.at, "a length beyond the end")
        self.at += size
        return self.data[self.at - size : self.at]

    def number(self, code):
        return struct.unpack("<" + code, self.bytes(struct.calcsize(code)))[0]

    def flag(self):
        value = self.number("B")
        require(value <= 1, "a flag that is neither 0 nor 1")
        return value == 1

    def varint(self):
        value, shift = 0, 0
        while True:
            byte = self.number("B")
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
        require(value < 2**64, "a varint of over 64 bits")
        require(byte != 0 or shift == 7, "a varint that is not the shortest")
        return value

    def count(self):
        value = self.varint()
        require(value <= len(self.data) - self.at, "a count beyond the end")
        return value

    def string(self):
        return self.bytes(self.varint())


class Type:
    """A type: reads itself, its text, and its values."""

    def __init__(self, elements, limits, depth):
        limits["types"] -= 1
        require(limits["types"] >= 0, "over 65,536 types")
        require(depth < 64, "types over 64 deep")
        self.kind = elements.number("B")
        require(1 <= self.kind <= 20, "an unknown kind")
        if self.kind == ENUM:
            elements.string()
            self.integer = self.number_kind(elements, INTEGERS)
            self.names = [self.enumerator(elements) for _ in range(elements.count())]
        elif self.kind in (OPTIONAL, LIST, ARRAY, MAP):
            self.length = elements.varint() if self.kind == ARRAY else None
            self.element = Type(elements, limits, depth + 1)
        elif self.kind == RECORD:
            elements.string()
            self.fields = read_fields(elements, limits, depth + 1)
        elif self.kind in (DURATION, TIME):
            self.utc = self.kind == TIME and elements.flag()
            self.integer = self.number_kind(elements, NUMBERS)
            self.period = elements.varint(), elements.varint()
            require(0 not in self.period, "a period of zero")

    @staticmethod
    def number_kind(elements, allowed):
        kind = elements.number("B")
        require(kind in allowed, "a kind that may not stand there")
        return kind

    def enumerator(self, elements):
        name = elements.string().decode()
        return name, elements.number("q" if self.integer <= 5 else "Q")

    def text(self):
        if self.kind <= 11:
            return SCALARS[self.kind - 1]
        if self.kind == 12:
            return "string"
        if self.kind == ENUM:
            names = ",".join(f"{name}={value}" for name, value in self.names)
            return f"enum<{SCALARS[self.integer - 1]}>{{{names}}}"
        if self.kind == RECORD:
            return fields_text(self.fields)
        if self.kind in (DURATION, TIME):
            clock = "" if self.kind == DURATION else "utc," if self.utc else "clock,"
            name = "duration" if self.kind == DURATION else "time"
            return f"{name}<{clock}{SCALARS[self.integer - 1]},{self.period[0]},{self.period[1]}>"
        length = f",{self.length}" if self.kind == ARRAY else ""
        name = {OPTIONAL: "optional", LIST: "list", ARRAY: "array", MAP: "map"}[self.kind]
        return f"{name}<{self.element.text()}{length}>"

    def value(self, elements):
        if self.kind <= 11:
            return scalar(elements, self.kind)
        if self.kind == 12:
            return elements.string().decode(errors="backslashreplace")
        if self.kind == ENUM:
            number = scalar(elements, self.integer)
            return next((name for name, value in self.names if value == number), number)
        if self.kind == OPTIONAL:
            return self.element.value(elements) if elements.flag() else None
        if self.kind == LIST:
            return [self.element.value(elements) for _ in range(elements.count())]
        if self.kind == ARRAY:
            return self.array(elements)
        if self.kind == MAP:
            return self.map(elements)
        if self.kind == RECORD:
            return read_row(elements, self.fields)
        return scalar(elements, self.integer)

    def array(self, elements):
        if self.length == 0:
            require(elements.bytes(1) == b"\0", "an empty array that is not a zero byte")
        require(self.length <= len(elements.data) - elements.at or self.length == 0,
                "a length beyond the end")
        return [self.element.value(elements) for _ in range(self.length)]

    def map(self, elements):
        result, last = {}, None
        for _ in range(elements.count()):
            key = elements.string()
            require(last is None or last < key, "keys that do not ascend")
            last = key
            result[key.decode(errors="backslashreplace")] = self.element.value(elements)
        return result


def scalar(elements, kind):
    if kind == 1:
        return elements.flag()
    start = elements.at
    value = elements.number(FORMATS[kind - 1])
    if isinstance(value, float) and math.isnan(value):
        return "nan:" + elements.data[start : elements.at][::-1].hex()
    if isinstance(value, float) and math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return value


def read_fields(elements, limits, depth):
    fields = []
    for _ in range(elements.count()):
        name = elements.string()
        field_type = Type(elements, limits, depth)
        for _ in range(elements.count()):
            elements.string(), elements.string()
        fields.append((name, field_type))
    require(len({name for name, _ in fields}) == len(fields), "two fields of one name")
    return fields


def fields_text(fields):
    return "{" + ",".join(f"{name.decode()}:{kind.text()}" for name, kind in fields) + "}"


def read_row(elements, fields):
    if not fields:
        require(elements.bytes(1) == b"\0", "a record without fields that is not a zero byte")
    return {name.decode(): kind.value(elements) for name, kind in fields}


def read_header(data):
    require(len(data) >= 64 and data[:8] == MAGIC, "not a .tlog file")
    major, _, required = struct.unpack("<HHI", data[8:16])
    require(major == 1, "an unknown version")
    require(crc(data[:60]) == struct.unpack("<I", data[60:64])[0], "a damaged header")
    require(required == 0, "unknown features")
    return data[24:40]


def read_blocks(data):
    """Yields (type, payload) of every block that this version knows."""
    file_id = read_header(data)
    sync = bytes(a ^ b for a, b in zip(SYNC, file_id))
    at, before, number = 64, None, 0
    while at < len(data):
        head = data[at : at + 48]
        require(len(head) == 48 and head[:8] == sync, "not a block")
        require(crc(head[:44]) == struct.unpack("<I", head[44:])[0], "a damaged block header")
        kind, flags, sequence, size, previous, checked, check = struct.unpack("<HHIQQQI", head[8:44])
        require(sequence == number, "a block out of sequence")
        require(previous == (0 if before is None else at - before), "a wrong distance")
        end = at + 48 + size
        padded = end + -end % 8
        require(padded <= len(data), "a block beyond the end of the file")
        payload = data[at + 48 : end]
        require(checked <= size if kind == 4 or kind > 6 else checked == size, "a wrong length")
        require(crc(payload[:checked]) == check, "a damaged payload")
        require(not any(data[end:padded]), "padding that is not zero")
        require(kind != 0, "a block of type 0")
        require(kind > 4 or flags & 1, "a block that has to be critical")
        require(kind in (1, 2, 3) or not flags & 1, "an unknown critical block")
        if kind in (1, 2, 3):
            yield kind, payload
        at, before, number = padded, at, number + 1


def read_schema(payload):
    elements = Elements(payload)
    schema_id, _, identity = (elements.number(code) for code in "IIQ")
    require(schema_id == 0, "a schema that is not the first")
    elements.string()
    fields = read_fields(elements, {"types": 65536}, 0)
    require(identity == fnv1a(fields_text(fields).encode()), "a wrong identity")
    return fields


def read_rows(payload, fields, done):
    elements = Elements(payload)
    schema_id, count, first = (elements.number(code) for code in "IIQ")
    require(schema_id == 0 and first == done, "rows that do not belong there")
    require(count <= min(16777216, len(payload) - 16), "too many rows")
    for _ in range(count):
        yield read_row(elements, fields)
    require(elements.at == len(payload), "bytes after the rows")


def read_snapshot(data):
    """The schema's text and the rows."""
    blocks = list(read_blocks(data))
    kinds = [kind for kind, _ in blocks]
    require(kinds[:1] == [1] and kinds[-1:] == [3], "no schema at the begin, or end at the end")
    require(all(kind == 2 for kind in kinds[1:-1]), "blocks out of order")
    fields, rows = read_schema(blocks[0][1]), []
    for _, payload in blocks[1:-1]:
        rows.extend(read_rows(payload, fields, len(rows)))
    require(Elements(blocks[-1][1]).number("Q") == len(rows), "a wrong number of rows")
    return fields_text(fields), rows


def lines(path):
    text, rows = read_snapshot(path.read_bytes())
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in [text, *rows])


def is_damage_noticed(path):
    """True if a changed bit in any byte, and any cut, is refused."""
    data = path.read_bytes()
    damaged = [data[:i] for i in range(len(data))]
    damaged += [data[:i] + bytes([data[i] ^ 1 << i % 8]) + data[i + 1 :] for i in range(len(data))]
    for each in damaged:
        try:
            read_snapshot(each)
            return False
        except Malformed:
            pass
    return True


def check(directory):
    faults = 0
    files = sorted(directory.glob("*.tlog"))
    for path in files:
        good = lines(path) == path.with_suffix(".jsonl").read_text(encoding="utf-8")
        good = good and (path.stat().st_size > 1000 or is_damage_noticed(path))
        print(path.name, "ok" if good else "DIFFERS")
        faults += not good
    return 1 if faults or not files else 0


def main(arguments):
    if len(arguments) == 2 and arguments[0] == "--check":
        return check(pathlib.Path(arguments[1]))
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    print(lines(pathlib.Path(arguments[0])), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
