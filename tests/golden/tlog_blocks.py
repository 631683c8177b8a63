# SPDX-License-Identifier: MIT
"""The header and the blocks of a .tlog file, whole or damaged, by docs/format.md."""

import struct

from tlog_types import Malformed, crc, require

MAGIC = bytes.fromhex("89544C4F470D0A1A")
SYNC = bytes.fromhex("544C42B10C4B0D0A")
SCHEMA, ROWS, END, COLUMNS, GAP, INDEX = range(1, 7)
HEADER, BLOCK_HEADER = 64, 48


class DamagedHeader(Malformed):
    pass


def read_header(data, magic=MAGIC, size=HEADER):
    """Checks what the headers of logs and journals have in common."""
    require(len(data) >= size, "not a .tlog file")
    major, _, required = struct.unpack("<HHI", data[8:16])
    if data[:8] != magic or major != 1:
        raise DamagedHeader("not a .tlog file of this version")
    if crc(data[: size - 4]) != struct.unpack("<I", data[size - 4 : size])[0]:
        raise DamagedHeader("a damaged header")
    require(required == 0, "unknown features")


def is_begun(data):
    """Whether a log's writer ended before it had written the header."""
    return len(data) < HEADER and data[:8] == MAGIC[: len(data)]


class Block:
    """A block whose header is right."""

    def __init__(self, data, at):
        head = data[at + 8 : at + BLOCK_HEADER - 8]
        self.kind, self.flags, self.sequence, size, self.previous, self.checked = struct.unpack(
            "<HHIQQQ", head)
        self.at, self.after = at, at + BLOCK_HEADER + size + -size % 8
        self.fits = self.after <= len(data)
        self.payload = data[at + BLOCK_HEADER : at + BLOCK_HEADER + size] if self.fits else b""
        self.padding = data[at + BLOCK_HEADER + size : self.after]
        self.is_critical = self.flags & 1 == 1
        self.size, self.check = size, struct.unpack("<I", data[at + 40 : at + 44])[0]

    def has_right_type(self):
        return self.kind > COLUMNS or self.kind != 0 and self.is_critical

    def has_right_lengths(self):
        may_be_less = self.kind == COLUMNS or not 1 <= self.kind <= 6
        return self.checked == self.size or may_be_less and self.checked < self.size

    def is_whole(self):
        return self.fits and crc(self.payload[: self.checked]) == self.check


def sync_of(data):
    return bytes(a ^ b for a, b in zip(SYNC, data[24:40]))


def sync_of_first(data):
    """The sync of the schema block behind a header that is damaged."""
    sync = data[HEADER : HEADER + 8]
    block = block_at(data, sync, HEADER)
    require(block and block.is_whole() and block.kind == SCHEMA and block.sequence == 0,
            "a damaged header, and no schema behind it")
    return sync


def block_at(data, sync, at):
    """The block that stands there; None if its header is not right."""
    head = data[at : at + BLOCK_HEADER]
    if len(head) < BLOCK_HEADER or head[:8] != sync:
        return None
    if crc(head[:44]) != struct.unpack("<I", head[44:])[0]:
        return None
    block = Block(data, at)
    return block if block.has_right_type() and block.has_right_lengths() else None


def next_block(data, sync, start):
    """The next right header at or behind `start`; None if there is none."""
    at = data.find(sync, start)
    while at >= 0:
        block = block_at(data, sync, at)
        if block:
            return block
        at = data.find(sync, at + 1)
    return None


def check_known(block):
    require(SCHEMA <= block.kind <= INDEX or not block.is_critical, "an unknown critical block")


def blocks_of(data):
    """The blocks of a file that must be whole."""
    read_header(data)
    at, before, number = HEADER, None, 0
    while at < len(data):
        block = block_at(data, sync_of(data), at)
        require(block is not None, "a damaged block header")
        require(block.fits, "a block beyond the end of the file")
        require(block.is_whole(), "a damaged payload")
        fault = order_fault(block, before, number)
        require(fault is None, fault)
        check_known(block)
        yield block
        at, before, number = block.after, block, number + 1


def order_fault(block, before, number):
    """What of a right block only a reader of damaged files passes over."""
    if block.sequence != number:
        return "a block out of sequence"
    if block.previous != (0 if before is None else block.at - before.at):
        return "a wrong distance"
    return "padding that is not zero" if any(block.padding) else None


class Scan:
    """The blocks that are left of a log; notes what is damaged in `damage`. Blocks whose header and
    checked payload are right are right if is_right(block) says so, too."""

    def __init__(self, data, is_right=lambda block: True):
        self.is_right = is_right
        self.data, self.damage, self.is_unfinished = data, [], False
        self.sequence, self.last = -1, None
        if is_begun(data):
            self.is_unfinished, self.data = True, b""
        self.file_id = data[24:40]
        self.sync = SYNC if self.is_unfinished else self.read_header()

    def read_header(self):
        try:
            read_header(self.data)
            return sync_of(self.data)
        except DamagedHeader:
            self.note(0, HEADER, "a damaged header")
            sync = sync_of_first(self.data)
            self.file_id = bytes(a ^ b for a, b in zip(SYNC, sync))  # half of it
            return sync

    def blocks(self):
        """Yields each block that is right and in its place."""
        at = HEADER
        while at < len(self.data):
            block = block_at(self.data, self.sync, at)
            if block and block.is_whole() and self.is_right(block):
                yield from self.in_place(block)
                at = block.after
            else:
                at = self.go_on(at, block)
            self.last = block or self.last

    def in_place(self, block):
        if block.sequence <= self.sequence:
            self.note(block.at, block.after, "a block that was there before")
            return
        fault = order_fault(block, self.last, self.sequence + 1)
        if fault:
            self.note(block.at, block.after, fault)
        check_known(block)
        self.sequence = block.sequence
        yield block

    def go_on(self, at, block):
        """Where the next block stands after one that is not right at `at`."""
        if block and block.fits and (block.after == len(self.data) or
                                     block_at(self.data, self.sync, block.after)):
            self.note(at, block.after, "a damaged payload")
            return block.after
        last = block or self.last
        found = next_block(self.data, self.sync, last.at + BLOCK_HEADER if last else HEADER)
        if found:
            self.note(min(at, found.at), found.at, "damage")
            return found.at
        if block and not block.fits or self.is_tail(at):
            self.is_unfinished = True
        else:
            self.note(at, len(self.data), "damage up to the end")
        return len(self.data)

    def is_tail(self, at):
        return len(self.data) - at < BLOCK_HEADER or not any(self.data[at:])

    def note(self, begin, end, reason):
        self.damage.append((begin, end, reason))
