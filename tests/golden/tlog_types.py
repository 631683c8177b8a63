# SPDX-License-Identifier: MIT
"""Elements, types, schemas and rows of .tlog files, by docs/format.md."""

import math
import struct

SCALARS = "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float32 float64".split()
FORMATS = "?bhiqBHIQfd"
STRING, ENUM, OPTIONAL, LIST, ARRAY, MAP, RECORD, DURATION, TIME = range(12, 21)
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
        name = string_text(elements.string())
        return name, elements.number("q" if self.integer <= 5 else "Q")

    def text(self):
        if self.kind <= 11:
            return SCALARS[self.kind - 1]
        if self.kind == STRING:
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
        if self.kind == STRING:
            return string_text(elements.string())
        if self.kind == ENUM:
            return self.shown(scalar(elements, self.integer))
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

    def shown(self, number):
        """A number as it is shown: an enumerator by its name."""
        names = self.names if self.kind == ENUM else []
        return next((name for name, value in names if value == number), number)

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
            result[string_text(key)] = self.element.value(elements)
        return result


def string_text(data):
    """A string as it is shown: bytes that are no UTF-8 as \\xff."""
    return data.decode(errors="backslashreplace")


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
    return "{" + ",".join(f"{string_text(name)}:{kind.text()}" for name, kind in fields) + "}"


def read_row(elements, fields):
    if not fields:
        require(elements.bytes(1) == b"\0", "a record without fields that is not a zero byte")
    return {string_text(name): kind.value(elements) for name, kind in fields}


def read_schema(payload):
    """The schema's number and its fields."""
    elements = Elements(payload)
    schema_id, _, identity = (elements.number(code) for code in "IIQ")
    elements.string()
    fields = read_fields(elements, {"types": 65536}, 0)
    require(identity == fnv1a(fields_text(fields).encode()), "a wrong identity")
    return schema_id, fields


def read_rows(payload):
    """The schema's number, the first row's, how many there are, and their bytes."""
    elements = Elements(payload)
    schema_id, count, first = (elements.number(code) for code in "IIQ")
    require(count <= min(16777216, len(payload) - 16), "too many rows")
    return schema_id, first, count, elements


def rows_of(elements, fields, count):
    rows = [read_row(elements, fields) for _ in range(count)]
    require(elements.at == len(elements.data), "bytes after the rows")
    return rows
