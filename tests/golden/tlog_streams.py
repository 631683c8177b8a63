# SPDX-License-Identifier: MIT
"""The streams of columns blocks of .tlog files, by docs/format.md, and the values in them."""

import struct

from tlog_types import (ARRAY, DURATION, ENUM, LIST, MAP, OPTIONAL, RECORD, STRING, TIME, Elements,
                        Malformed, crc, require, scalar, string_text)

WIDTHS = (1, 1, 2, 4, 8, 1, 2, 4, 8, 4, 8)
UNSIGNED = {1: "B", 2: "H", 4: "I", 8: "Q"}
PLAIN, PACKED, DICTIONARY = range(3)
CODED = 1


# Planes


def frequencies(elements):
    """The table of a coded plane: how often of 2,048 times each byte value stands there."""
    greatest, table = elements.number("B"), []
    while len(table) <= greatest:
        table.append(elements.varint())
        if table[-1] == 0:
            table += [0] * elements.number("B")
    require(len(table) == greatest + 1 and table[-1] > 0, "a greatest value that does not occur")
    require(sum(table) == 2048 and 2048 not in table, "a table of frequencies that is wrong")
    return table


def coded(elements, count, lanes):
    table = frequencies(elements)
    of_slot = [value for value, often in enumerate(table) for _ in range(often)]
    start = [sum(table[:value]) for value in range(len(table))]
    code = Elements(elements.bytes(elements.varint()))
    states = [code.number("I") for _ in range(lanes)]
    require(all(2**15 <= state < 2**31 for state in states), "a state out of range")
    result = bytearray()
    for i in range(count):
        turns, slot = divmod(states[i % lanes], 2048)
        value = of_slot[slot]
        result.append(value)
        state = table[value] * turns + slot - start[value]
        states[i % lanes] = state if state >= 2**15 else 65536 * state + code.number("H")
    require(all(state == 2**15 for state in states), "a state that does not end as it should")
    require(code.at == len(code.data), "words behind the last byte")
    return bytes(result)


def sparse(elements, count):
    values = bytearray(elements.bytes(1) * count)
    at = 0
    for _ in range(elements.varint()):
        at += elements.varint()
        require(at < count, "a byte behind the end of its plane")
        values[at] = elements.number("B")
        at += 1
    return bytes(values)


def plane(elements, count):
    form = elements.number("B")
    require(form <= 4, "an unknown form of a plane")
    if form == 0:
        return elements.bytes(count)
    if form == 1:
        return elements.bytes(1) * count
    if form == 4:
        return sparse(elements, count)
    return coded(elements, count, 4 if form == 2 else 32)


# Numbers


def plain_numbers(elements, width, count):
    return list(struct.unpack(f"<{count}{UNSIGNED[width]}", elements.bytes(width * count)))


def bits(elements, rest, count):
    data = elements.bytes((rest * count + 7) // 8)
    for i in range(count):
        if i % 8 == 0:
            group = int.from_bytes(data[i // 8 * rest :][:rest], "little")
        yield group >> i % 8 * rest & (1 << rest) - 1


def packed(elements, width, count):
    base = elements.number(UNSIGNED[width])
    step = elements.varint()
    rest, planes = elements.number("B"), elements.number("B")
    require(step >= 1, "a step of zero")
    require(rest <= 8 * width and planes <= width, "too many bits")
    sums = [0] * count
    for _ in range(planes):
        shift = elements.number("B")
        require(shift <= 63, "a shift of over 63")
        sums = [a + (b << shift) for a, b in zip(sums, plane(elements, count))]
    return [(base + step * (a + b)) % 2 ** (8 * width)
            for a, b in zip(sums, bits(elements, rest, count))]


def differences(elements, width, count, times):
    require(count > times, "no more numbers than stand plain")
    first = plain_numbers(elements, width, times)
    result, slope = first[:], (first[-1] - first[0] if times == 2 else 0)
    for number in packed(elements, width, count - times):
        slope = slope + number if times == 2 else number
        result.append((result[-1] + slope) % 2 ** (8 * width))
    return result


def indices(elements, of):
    """The places in a dictionary of `of` entries."""
    def read(count):
        result = numbers(elements, elements.number("B"), 1 if of <= 256 else 2, count, False)
        require(all(each < of for each in result), "an index beyond the dictionary")
        return result
    return read


def dictionary_size(elements):
    size = elements.varint()
    require(1 <= size <= 65536, "a dictionary of a wrong size")
    return size


def numbers(elements, encoding, width, count, may_be_dictionary=True):
    times, layout = encoding >> 4, encoding & 15
    require(times <= 2 and layout <= DICTIONARY, "an unknown encoding of numbers")
    require(times == 0 or layout == PACKED, "differences that are not packed")
    if layout == PLAIN:
        return plain_numbers(elements, width, count)
    if layout == PACKED:
        if times:
            return differences(elements, width, count, times)
        return packed(elements, width, count)
    require(may_be_dictionary, "a dictionary within a dictionary")
    size = dictionary_size(elements)
    entries = numbers(elements, elements.number("B"), width, size, False)
    return [entries[each] for each in indices(elements, size)(count)]


# Strings


def coded_strings(elements, count, budget):
    lengths = numbers(elements, elements.number("B"), 8, count)
    budget.take(sum(lengths))
    text = Elements(plane(elements, sum(lengths)))
    return [text.bytes(length) for length in lengths]


def strings(elements, encoding, count, budget):
    require(encoding <= 2, "an unknown encoding of strings")
    if encoding == PLAIN:
        return [elements.string() for _ in range(count)]
    if encoding == CODED:
        return coded_strings(elements, count, budget.copy())
    size = dictionary_size(elements)
    inner = elements.number("B")
    require(inner <= CODED, "a dictionary within a dictionary")
    entries = strings(elements, inner, size, budget)
    return [entries[each] for each in indices(elements, size)(count)]


# Fields


class Budget:
    """How many bytes the values of a block may still have."""

    def __init__(self, size):
        self.left = size

    def copy(self):
        return Budget(self.left)

    def take(self, size):
        self.left -= size
        require(self.left >= 0, "more values than a block may have")


class Stream:
    """One stream of a columns block."""

    def __init__(self, encoding, data, check):
        self.encoding, self.data, self.check = encoding, data, check

    def is_whole(self):
        return crc(self.data) == self.check

    def numbers(self, width, count, budget):
        budget.take(width * count)
        return self.read(lambda elements: numbers(elements, self.encoding, width, count))

    def flags(self, count, budget):
        result = self.numbers(1, count, budget)
        require(all(each <= 1 for each in result), "a flag that is neither 0 nor 1")
        return result

    def strings(self, count, budget):
        result = self.read(lambda elements: strings(elements, self.encoding, count, budget))
        for each in result:
            budget.take(len(each) + max(1, (len(each).bit_length() + 6) // 7))
        return result

    def read(self, decode):
        elements = Elements(self.data)
        result = decode(elements)
        require(elements.at == len(self.data), "bytes behind a stream")
        return result


def stream_count(kind):
    """How many streams the values of a type have."""
    if kind.kind == RECORD:
        return sum(stream_count(each) for _, each in kind.fields)
    if kind.kind == ARRAY:
        return stream_count(kind.element)
    if kind.kind in (OPTIONAL, LIST, MAP):
        return (2 if kind.kind == MAP else 1) + stream_count(kind.element)
    return 1


def number_column(kind, count, stream, budget):
    number = kind.integer if kind.kind in (ENUM, DURATION, TIME) else kind.kind
    width = WIDTHS[number - 1]
    if number == 1:
        return [each == 1 for each in stream.flags(count, budget)]
    data = struct.pack(f"<{count}{UNSIGNED[width]}", *stream.numbers(width, count, budget))
    elements = Elements(data)
    return [kind.shown(scalar(elements, number)) for _ in range(count)]


def split(values, lengths):
    rest = iter(values)
    return [[next(rest) for _ in range(length)] for length in lengths]


def as_map(entries):
    keys = [key for key, _ in entries]
    require(all(a < b for a, b in zip(keys, keys[1:])), "keys that do not ascend")
    return {string_text(key): value for key, value in entries}


def empty_values(kind, count, streams, budget):
    """Values that are stored as one zero byte in a row."""
    budget.take(count)
    if kind.kind == ARRAY:
        column(kind.element, 0, streams, budget)
        return [[] for _ in range(count)]
    return [{} for _ in range(count)]


def record_column(fields, count, streams, budget):
    columns = [column(kind, count, streams, budget) for _, kind in fields]
    names = [name for name, _ in named(fields)]
    return [dict(zip(names, row)) for row in zip(*columns)]


def named(fields):
    return [(string_text(name), kind) for name, kind in fields]


def column(kind, count, streams, budget):
    """The `count` values of a field, or of what one contains; takes its streams."""
    if kind.kind == RECORD and kind.fields:
        return record_column(kind.fields, count, streams, budget)
    if kind.kind == RECORD or kind.kind == ARRAY and kind.length == 0:
        return empty_values(kind, count, streams, budget)
    if kind.kind == ARRAY:
        budget.copy().take(count * kind.length)
        return split(column(kind.element, count * kind.length, streams, budget),
                     [kind.length] * count)
    stream = next(streams)
    if kind.kind == STRING:
        return [string_text(each) for each in stream.strings(count, budget)]
    if kind.kind == OPTIONAL:
        there = stream.flags(count, budget)
        values = iter(column(kind.element, sum(there), streams, budget))
        return [next(values) if each else None for each in there]
    if kind.kind not in (LIST, MAP):
        return number_column(kind, count, stream, budget)
    lengths = stream.numbers(8, count, budget)
    budget.copy().take(sum(lengths))
    if kind.kind == LIST:
        return split(column(kind.element, sum(lengths), streams, budget), lengths)
    keys = next(streams).strings(sum(lengths), budget)
    values = column(kind.element, sum(lengths), streams, budget)
    return [as_map(each) for each in split(zip(keys, values), lengths)]


def field_column(kind, count, streams, budget):
    """The values of a field; None if one of its streams is damaged."""
    try:
        require(all(each.is_whole() for each in streams), "a damaged stream")
        return column(kind, count, iter(streams), budget)
    except Malformed:
        return None
