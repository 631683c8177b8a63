# SPDX-License-Identifier: MIT
"""The journal beside a log, by docs/format.md."""

import re
import struct

from tlog_blocks import read_header
from tlog_types import Malformed, require

MAGIC = bytes.fromhex("89544C4A0D0A1A0A")
KEY = 0x9E3779B97F4A7C15
WORD = 2**64
PAGE = 4096


def fold(product):
    return product >> 64 ^ product % WORD


def check_of(row, position, journal_id):
    words = struct.unpack(f"<{(len(row) + 15) // 16 * 2}Q", row + bytes(-len(row) % 16))
    h = len(row) * KEY % WORD
    for i in range(1, len(words) // 2 + 1):
        key = i * KEY % WORD
        h ^= fold((words[2 * i - 2] + key) % WORD * (words[2 * i - 1] ^ key))
    return (h + position + journal_id) * KEY % WORD >> 32


class Journal:
    """The rows of a journal that are whole."""

    def __init__(self, data):
        read_header(data, MAGIC, 128)
        self.file_id = data[16:32]
        (self.id, self.offset, self.size, self.schema_id, _,
         self.first_row) = struct.unpack("<QQQIIQ", data[32:72])
        require(self.id != 0, "a journal_id of 0")
        require(self.offset % PAGE == 0 and 0 < self.offset <= 2**20, "a wrong ring_offset")
        require(self.size % PAGE == 0 and 0 < self.size <= 2**28, "a wrong ring_size")
        require(len(data) >= self.offset, "a journal that ends before its ring")
        self.released, self.lost = struct.unpack("<QQ", data[2048:2064])
        require(self.released % 8 == 0, "a wrong position")
        ring = data[self.offset : self.offset + self.size]
        self.ring = ring + bytes(self.size - len(ring))
        self.budget = 64 * self.size

    def bytes_at(self, position, size):
        at = position % self.size
        first = self.ring[at : at + size]
        return first + self.ring[: size - len(first)]

    def slot(self, position):
        """The row there, and where the next slot stands; None if it is not right."""
        check, size = struct.unpack("<II", self.bytes_at(position, 8))
        after = position + 8 + (size + 7) // 8 * 8
        if not 1 <= size <= self.size // 4:
            return None
        row = self.bytes_at(position + 8, size)
        if check_of(row, position, self.id) == check:
            return row, after
        self.budget -= size
        return None

    def rows(self, begin, end):
        """The whole rows that begin at positions from `begin` to `end`."""
        end = min(end, begin + self.size)
        position, rows = begin, []
        while position < end and self.budget > 0:
            found = self.slot(position)
            if found:
                rows.append(found[0])
                position = found[1]
            else:
                position = self.behind_zeros(position + 8)
        return rows

    def behind_zeros(self, position):
        """The next place in steps of 8 bytes whose eight bytes are not zero."""
        at = position % self.size
        found = re.compile(rb"[^\0]").search(self.ring, at)
        return position + ((found.start() if found else self.size) - at) // 8 * 8


def journal_of(data, file_id):
    """The journal if it is one of the log whose file_id begins so. Malformed if nobody knows."""
    journal = Journal(data)
    return journal if journal.file_id.startswith(file_id) else None
