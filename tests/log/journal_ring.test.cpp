// SPDX-License-Identifier: MIT
#include <cstdint>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include <trainlog/log/journal_create.hpp>
#include <trainlog/log/journal_scan.hpp>

#include "catch.hpp"
#include "log/temporary_directory.hpp"

using namespace trainlog;
using namespace trainlog::detail;

namespace {

struct ring_fixture {
  writer_test::temporary_directory directory;
  std::string log = directory / "a.tlog";
  unique_descriptor file{::open(log.c_str(), O_RDWR | O_CREAT, 0640)};
  journal_header header;
  new_journal made;

  explicit ring_fixture(ring_backing backing, std::uint64_t size = 4096) {
    header.file_id.fill('i');
    header.journal_id = 7;
    header.ring_offset = memory_page();
    header.ring_size = ring_size_for(size, 0);
    journal_maker const maker(log, file.get());
    made = backing == ring_backing::memory
               ? maker.in_memory(header)
               : maker.in_file(header, backing == ring_backing::mapped ? journal_kind::mapped
                                                                       : journal_kind::written);
  }
  journal_ring& ring() { return *made.ring; }
  bool add(std::string const& row) {
    auto const slot = ring().reserve(row.size());
    if (slot.row == nullptr) return false;
    std::memcpy(slot.row, row.data(), row.size());
    ring().commit(slot, row.size());
    return true;
  }
  std::vector<std::string> on_file() {
    auto const snapshot = read_journal(log, header.file_id);
    if (!snapshot) return {"no journal"};
    std::vector<std::string> rows;
    for (auto const& row : snapshot->rows()) rows.emplace_back(row.bytes);
    return rows;
  }
};

using texts = std::vector<std::string>;

}  // namespace

TEST_CASE("a committed row is in the journal file, an unfinished one hides no other") {
  auto const backing = GENERATE(ring_backing::mapped, ring_backing::written);
  ring_fixture f(backing);
  CHECK(f.on_file().empty());
  REQUIRE(f.add("one"));
  auto const unfinished = f.ring().reserve(100);
  std::memset(unfinished.row, 'u', 100);
  REQUIRE(f.add("three"));
  CHECK(f.on_file() == texts{"one", "three"});
  f.ring().commit(unfinished, 100);
  CHECK(f.on_file() == texts{"one", std::string(100, 'u'), "three"});
  CHECK(f.ring().take_write_error() == 0);
}

TEST_CASE("a full ring refuses rows until space is released, and rows go round") {
  auto const backing = GENERATE(ring_backing::memory, ring_backing::mapped, ring_backing::written);
  ring_fixture f(backing);
  std::uint64_t at = 0;
  for (int lap = 0; lap < 20; ++lap) {
    texts rows;
    while (f.add(std::string(37 + rows.size() % 200, static_cast<char>('a' + lap)))) {
      rows.emplace_back(37 + rows.size() % 200, static_cast<char>('a' + lap));
    }
    REQUIRE(rows.size() > 10);
    if (backing != ring_backing::memory) CHECK(f.on_file() == rows);
    for (auto const& row : rows) {
      auto const word = f.ring().word_at(at);
      REQUIRE(is_right_slot(word, f.ring().row_at(at), at, f.header, 4096));
      CHECK(std::string(f.ring().row_at(at), word >> 32U) == row);
      at += slot_size(word >> 32U);
    }
    CHECK(at == f.ring().head());
    f.ring().release(at);
    CHECK(f.ring().word_at(at) == 0);
    if (backing != ring_backing::memory) CHECK(f.on_file().empty());
  }
}

TEST_CASE("a released ring is zeros in the file") {
  auto const backing = GENERATE(ring_backing::mapped, ring_backing::written);
  ring_fixture f(backing);
  for (int i = 0; i < 3; ++i) {
    while (f.add(std::string(99, 'x'))) {
    }
    f.ring().release(f.ring().head());
    std::string const all = read_file(journal_path(f.log));
    CHECK(all.find_first_not_of('\0', f.header.ring_offset) == std::string::npos);
    CHECK(all.size() == f.header.ring_offset + f.header.ring_size);
  }
}

TEST_CASE("rows larger than a quarter of the ring, and rows after the close, have no place") {
  ring_fixture f(ring_backing::memory);
  CHECK(f.add(std::string(f.ring().max_row(), 'x')));
  CHECK_FALSE(f.add(std::string(f.ring().max_row() + 1, 'x')));
  auto const head = f.ring().head();
  f.ring().close();
  CHECK_FALSE(f.add("late"));
  CHECK(f.ring().head() == head);
  f.ring().release(head);
  CHECK_FALSE(f.add("late"));
}

TEST_CASE("commit tells once for each half of the ring") {
  ring_fixture f(ring_backing::memory);
  int halves = 0;
  for (int i = 0; i < 1000; ++i) {
    auto const slot = f.ring().reserve(24);
    REQUIRE(slot.row != nullptr);
    halves += f.ring().commit(slot, 24);
    f.ring().release(f.ring().head());
  }
  CHECK(halves == static_cast<int>(1000 * 32 / (f.header.ring_size / 2)));
}

TEST_CASE("lost rows are known to readers, and the journal has the mode of the log") {
  auto const backing = GENERATE(ring_backing::mapped, ring_backing::written);
  ring_fixture f(backing);
  f.ring().set_lost(12);
  auto const snapshot = read_journal(f.log, f.header.file_id);
  REQUIRE(snapshot);
  CHECK(snapshot->lost == 12);
  struct ::stat status{};
  REQUIRE(::stat(journal_path(f.log).c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0640);
  CHECK(f.ring().sync() == 0);
}

TEST_CASE("many threads fill the ring while one drains it: no row is lost, torn or twice there") {
  auto const backing = GENERATE(ring_backing::mapped, ring_backing::written);
  ring_fixture f(backing);
  constexpr std::uint64_t threads = 4;
  std::uint64_t const count = backing == ring_backing::mapped ? 20000 : 2000;
  std::vector<std::thread> writers;
  for (std::uint64_t t = 0; t < threads; ++t) {
    writers.emplace_back([&, t] {
      for (std::uint64_t i = 0; i < count;) {
        std::string row;
        append_le(row, t);
        append_le(row, i);
        row.append(i % 50, static_cast<char>(i));
        if (f.add(row)) ++i;
        else std::this_thread::yield();
      }
    });
  }
  std::vector<std::uint64_t> next(threads, 0);
  std::uint64_t at = 0;
  for (std::uint64_t rows = 0; rows < threads * count;) {
    auto const word = at == f.ring().head() ? 0 : f.ring().word_at(at);
    if (word == 0) {
      f.ring().release(at);
      std::this_thread::yield();
      continue;
    }
    REQUIRE(is_right_slot(word, f.ring().row_at(at), at, f.header, 4096));
    std::string const row(f.ring().row_at(at), word >> 32U);
    auto const thread = get_le<std::uint64_t>(row.data());
    REQUIRE(get_le<std::uint64_t>(row.data() + 8) == next.at(thread));
    REQUIRE(row.size() == 16 + next[thread] % 50);
    ++next[thread];
    ++rows;
    at += slot_size(row.size());
  }
  for (auto& each : writers) each.join();
}

TEST_CASE("the size of a ring follows the rows within bounds") {
  CHECK(ring_size_for(0, 8) == 262144);
  CHECK(ring_size_for(0, 40) == 1048576);
  CHECK(ring_size_for(0, 100000) == 33554432);
  CHECK(ring_size_for(1, 40) == memory_page());
  CHECK(ring_size_for(100000, 40) == 131072);
  CHECK(ring_size_for(~0ULL, 40) == max_ring_size);
}
