// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <trainlog/log/journal_ring.hpp>
#include <trainlog/log/journal_scan.hpp>
#include <trainlog/log/journal_tail.hpp>

#include "catch.hpp"
#include "log/allocations.hpp"
#include "log/temporary_directory.hpp"

using namespace trainlog::detail;

namespace {

constexpr std::uint64_t ring_size = 4096;

/// A journal file made by hand.
struct journal_file {
  writer_test::temporary_directory directory;
  std::string log = directory / "a.tlog";
  journal_header header;
  std::string ring = std::string(ring_size, '\0');
  std::uint64_t released = 0;
  std::uint64_t lost = 0;

  journal_file() {
    header.file_id.fill('i');
    header.journal_id = 99;
    header.ring_size = ring_size;
  }
  void put(std::uint64_t at, std::string_view bytes) {
    for (std::size_t i = 0; i < bytes.size(); ++i) ring[(at + i) % ring_size] = bytes[i];
  }
  /// Puts a slot at the position; returns the next.
  std::uint64_t add(std::uint64_t position, std::string row) {
    std::size_t const size = row.size();
    row.resize((size + 7) / 8 * 8 + 8);
    std::string head;
    append_le(head, slot_word(slot_check(row.data(), size, position, header.journal_id), size));
    row.resize(row.size() - 8);
    put(position, head + row);
    return position + slot_size(size);
  }
  std::string bytes() const {
    std::string all = journal_header_bytes(header);
    all.resize(released_offset);
    append_le(all, released);
    append_le(all, lost);
    all.resize(header.ring_offset);
    return all + ring;
  }
  std::optional<journal_snapshot> read(std::string const& content) const {
    std::ofstream(journal_path(log), std::ios::binary) << content;
    return read_journal(log, header.file_id);
  }
  std::vector<std::string> rows(std::uint64_t from = 0) const {
    std::vector<std::string> texts;
    auto const snapshot = read(bytes());
    if (!snapshot) return {"no journal"};
    for (auto const& row : snapshot->rows(from)) texts.emplace_back(row.bytes);
    return texts;
  }
};

using texts = std::vector<std::string>;

}  // namespace

TEST_CASE("the rows of a journal are read in order, from where they are not in the log") {
  journal_file journal;
  journal.lost = 3;
  auto const second = journal.add(0, "one");
  auto const third = journal.add(second, "twotwotwo");
  auto const end = journal.add(third, "3");
  CHECK(journal.rows() == texts{"one", "twotwotwo", "3"});
  CHECK(journal.rows(second) == texts{"twotwotwo", "3"});
  journal.released = third;
  CHECK(journal.rows(second) == texts{"3"});
  CHECK(journal.rows(end).empty());
  auto const snapshot = journal.read(journal.bytes());
  REQUIRE(snapshot);
  CHECK(snapshot->released == third);
  CHECK(snapshot->lost == 3);
  CHECK(snapshot->rows().at(0).position == third);
  CHECK(snapshot->rows().at(0).end == end);
}

TEST_CASE("a row that goes on at the beginning of the ring is whole") {
  journal_file journal;
  journal.released = 7 * ring_size - 24;
  std::string const long_row(1000, 'x');
  auto const next = journal.add(journal.released, long_row);
  journal.add(next, "after");
  CHECK(journal.rows() == texts{long_row, "after"});
}

TEST_CASE("a row that was never committed, or is torn, hides no other") {
  journal_file journal;
  auto const hole = journal.add(0, "before");
  auto const torn = journal.add(hole, std::string(100, 'h'));
  auto const after = journal.add(torn, std::string(50, 't'));
  journal.add(after, "after");
  journal.put(hole, std::string(8, '\0'));
  journal.put(torn + 8 + 20, "damage");
  CHECK(journal.rows() == texts{"before", "after"});
}

TEST_CASE("what an earlier lap left is no row") {
  journal_file journal;
  journal.add(0, "old");
  journal.released = ring_size;
  CHECK(journal.rows().empty());
}

TEST_CASE("no journal, that of another log, and what is none are not read") {
  journal_file journal;
  CHECK_FALSE(read_journal(journal.log, journal.header.file_id));
  CHECK_FALSE(journal.read(""));
  CHECK_FALSE(journal.read("short"));
  CHECK(journal.read(journal.bytes()));
  CHECK_FALSE(read_journal(journal.log, file_id{}));
  CHECK_FALSE(journal.read(std::string(8192, 'x')));
}

TEST_CASE("a journal cut short at any byte gives the rows that are there") {
  journal_file journal;
  std::uint64_t at = 0;
  for (int i = 0; i < 20; ++i) at = journal.add(at, std::string(30, static_cast<char>('a' + i)));
  std::string const all = journal.bytes();
  for (std::size_t size = 0; size < 4096 + at; size += size < 4000 ? 97 : 1) {
    auto const snapshot = journal.read(all.substr(0, size));
    CHECK(snapshot.has_value() == (size >= 4096));
    if (snapshot) CHECK(snapshot->rows().size() == (size - 4096 + 2) / 40);
  }
}

TEST_CASE("random damage never makes a row of what was none, and costs bounded time") {
  journal_file journal;
  std::mt19937 random(1);
  for (int round = 0; round < 200; ++round) {
    journal.ring.assign(ring_size, '\0');
    texts written;
    for (std::uint64_t at = 0; at < 3000;) {
      written.emplace_back(1 + random() % 60, static_cast<char>(random()));
      at = journal.add(at, written.back());
    }
    for (int i = 0; i < 5; ++i)
      journal.ring[random() % ring_size] ^= static_cast<char>(1 + random() % 255);
    auto const read = journal.rows();
    CHECK(read.size() + 5 >= written.size());
    std::size_t next = 0;  // what was read is a subsequence of what was written
    for (auto const& row : read) {
      while (next < written.size() && written[next] != row) ++next;
      CHECK(next < written.size());
    }
  }
}

TEST_CASE("a ring full of slots that might be, and hostile numbers, end soon") {
  journal_file journal;
  journal.header.ring_size = 1U << 22U;
  journal.ring.clear();
  for (std::size_t i = 0; i < journal.header.ring_size / 8; ++i) {
    append_le(journal.ring, slot_word(1, journal.header.ring_size / 4 - 64));
  }
  CHECK(journal.rows().empty());
  for (std::uint64_t const hostile : {1ULL << 63, (1ULL << 62) + 8, ~0ULL - 7}) {
    journal.released = hostile;
    CHECK(journal.rows().empty());
  }
  for (std::uint64_t const no_position : {~0ULL, 7ULL}) {
    journal.released = no_position;
    CHECK(journal.rows() == texts{"no journal"});
  }
}

TEST_CASE("a small file that claims a large ring takes no more memory than it has bytes") {
  journal_file journal;
  journal.header.ring_size = max_ring_size;
  journal.ring.resize(1000);
  std::uint64_t next = 0;
  for (int i = 0; i < 5; ++i) next = journal.add(next, std::string(30, static_cast<char>('a' + i)));
  std::string const all = journal.bytes();
  log_test::most_allocated = 0;
  auto const snapshot = journal.read(all);
  REQUIRE(snapshot);
  CHECK(snapshot->rows().size() == 5);
  CHECK(snapshot->rows(next).empty());
  CHECK(log_test::most_allocated < 65536);
  // In the second lap the same bytes are none of its rows, and the search ends soon.
  CHECK(snapshot->rows(max_ring_size - 8).empty());
}

TEST_CASE("the journal stands beside the log that symbolic links lead to") {
  journal_file journal;
  journal.add(0, "row");
  REQUIRE(journal.read(journal.bytes()));
  std::ofstream(journal.log) << "";
  writer_test::temporary_directory const other;
  std::filesystem::create_symlink(journal.log, other / "one");
  std::filesystem::create_symlink("one", other / "two");
  auto const snapshot = read_journal(other / "two", journal.header.file_id);
  REQUIRE(snapshot);
  CHECK(snapshot->rows().size() == 1);
}

TEST_CASE("rows that were committed while the ring was read are found before those seen") {
  journal_file journal;
  auto const hole = journal.add(journal.released = ring_size - 48, "before");
  auto const after = journal.add(hole, std::string(100, 'h'));  // in part at the ring's beginning
  journal.add(after, "after");
  auto const whole = journal.bytes();
  for (std::size_t i = 0; i < slot_size(100); ++i) journal.put(hole + i, std::string(1, '\0'));
  std::ofstream(journal_path(journal.log), std::ios::binary) << journal.bytes();
  unique_descriptor const file(::open(journal_path(journal.log).c_str(), O_RDWR));
  auto snapshot = read_journal_once(file.get());
  REQUIRE(snapshot);
  CHECK(snapshot->rows().size() == 2);
  REQUIRE(::pwrite(file.get(), whole.data(), whole.size(), 0) ==
          static_cast<::ssize_t>(whole.size()));
  REQUIRE(read_holes_again(file.get(), *snapshot));
  CHECK(snapshot->rows().size() == 3);
}

TEST_CASE("the next lap in a hole that has been released meanwhile is not read") {
  journal_file journal;
  auto const hole = journal.add(0, std::string(40, 'b'));
  auto const after = journal.add(hole, std::string(40, 'h'));
  auto const end = journal.add(after, "after");
  journal.put(hole, std::string(48, '\0'));
  std::ofstream(journal_path(journal.log), std::ios::binary) << journal.bytes();
  unique_descriptor const file(::open(journal_path(journal.log).c_str(), O_RDWR));
  auto snapshot = read_journal_once(file.get());
  REQUIRE(snapshot);
  journal.add(hole + ring_size, std::string(40, 'n'));
  journal.released = end;
  auto const later = journal.bytes();
  REQUIRE(::pwrite(file.get(), later.data(), later.size(), 0) ==
          static_cast<::ssize_t>(later.size()));
  REQUIRE(read_holes_again(file.get(), *snapshot));
  CHECK(snapshot->released == end);
  CHECK(snapshot->rows().empty());
}

TEST_CASE("a snapshot of a journal that one thread fills has no holes") {
  writer_test::temporary_directory const directory;
  journal_header header;
  header.journal_id = 99;
  header.ring_size = 1U << 20U;
  std::string const path = directory / "journal";
  std::string start = journal_header_bytes(header);
  start.resize(header.ring_offset);
  std::ofstream(path, std::ios::binary) << start;
  std::filesystem::resize_file(path, header.ring_offset + header.ring_size);
  unique_descriptor const file(::open(path.c_str(), O_RDWR));
  std::atomic<bool> stop = false;
  std::atomic<std::uint64_t> in_log = 0;  // the rows before it
  std::thread writing([&] {  // as a writer whose journal cannot be mapped: the same bytes
    std::uint64_t position = 0;
    std::uint64_t released = 0;
    std::string const zeros(header.ring_size, '\0');
    while (!stop) {
      std::string row(16, static_cast<char>(position / 24));
      if (position % header.ring_size + 24 > header.ring_size) row.resize(8);
      std::string slot;
      append_le(slot, slot_word(slot_check(row.data(), row.size(), position, 99), row.size()));
      slot += row;
      write_at(file.get(), slot.data(), slot.size(),
               header.ring_offset + position % header.ring_size);
      position += slot.size();
      if (position - released < header.ring_size / 2) continue;
      auto const at = released % header.ring_size;
      auto const size = std::min(position - released, header.ring_size - at);
      in_log = released + size;
      write_at(file.get(), zeros.data(), size, header.ring_offset + at);
      released += size;
      write_at(file.get(), reinterpret_cast<char const*>(&released), 8, released_offset);
    }
  });
  std::vector<std::thread> others;  // so that the reader is interrupted
  for (int i = 0; i < 3; ++i) {
    others.emplace_back([&stop] {
      while (!stop) {
      }
    });
  }
  bool whole = true;
  std::size_t most = 0;
  auto const end = std::chrono::steady_clock::now() + std::chrono::milliseconds(500);
  while (whole && std::chrono::steady_clock::now() < end) {
    auto const snapshot = read_journal(file.get());
    if (!snapshot) continue;
    std::uint64_t at = in_log;
    auto const rows = snapshot->rows(at);
    for (auto const& row : rows) whole = whole && row.position == std::exchange(at, row.end);
    most = std::max(most, rows.size());
  }
  stop = true;
  writing.join();
  for (auto& each : others) each.join();
  CHECK(whole);
  CHECK(most > 0);
}

TEST_CASE("the tail of a journal is read up to the first place without a row") {
  journal_file journal;
  std::string const long_row(1000, 'x');
  journal.released = 7 * ring_size - 24;
  auto const second = journal.add(journal.released, long_row);
  auto const third = journal.add(second, "two");
  journal.add(third + 8, "behind a hole");
  REQUIRE(journal.read(journal.bytes()));
  unique_descriptor const file(::open(journal_path(journal.log).c_str(), O_RDONLY));
  journal_tail tail(file.get(), journal.header, journal.released);
  std::string_view row;
  REQUIRE(tail.next(row));
  CHECK(row == long_row);
  REQUIRE(tail.next(row));
  CHECK(row == "two");
  CHECK_FALSE(tail.next(row));
  CHECK(tail.position() == third);
  CHECK_FALSE(journal_tail(file.get(), journal.header, 7).next(row));
}
