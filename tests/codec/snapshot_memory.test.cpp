// SPDX-License-Identifier: MIT
// No file makes the decoder take more memory than a small multiple of the file and a constant.
#include <malloc.h>
#include <trainlog/binary.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <map>
#include <new>
#include <optional>
#include <string>
#include <vector>

#include "catch.hpp"
#include "codec/records.hpp"
#include "codec/tlog_parts.hpp"

namespace {

std::atomic<std::size_t> in_use = 0;
std::atomic<std::size_t> most_in_use = 0;

}  // namespace

// All of the forms that single objects and std::allocator use.
void* operator new(std::size_t size, std::nothrow_t const&) noexcept {
  void* const memory = std::malloc(size);
  most_in_use = std::max(most_in_use.load(), in_use += ::malloc_usable_size(memory));
  return memory;
}
void* operator new(std::size_t size) {
  void* const memory = operator new(size, std::nothrow);
  return memory != nullptr ? memory : throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
  in_use -= ::malloc_usable_size(memory);
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept { operator delete(memory); }
void operator delete(void* memory, std::nothrow_t const&) noexcept { operator delete(memory); }

namespace {

using tlog_test::bytes;
using tlog_test::le;
using tlog_test::one_field;
using tlog_test::rows_part;
using tlog_test::str;
using tlog_test::varint;

template <class Field>
struct Row {
  Field x{};
  TRAINLOG_RECORD(Row, x)
};
struct Large {
  std::array<double, 1000> values{};
  std::int8_t x = 0;
  TRAINLOG_RECORD(Large, values, x)
};
struct Nothing {
  TRAINLOG_RECORD(Nothing)
};

/// The most memory that was in use while the file was decoded, as a multiple of its size.
template <class T>
double appetite(std::string const& file) {
  std::size_t const before = most_in_use = in_use.load();
  try {
    static_cast<void>(trainlog::from_binary<std::vector<T>>(file));
  } catch (trainlog::error const&) {
  }
  return static_cast<double>(most_in_use - before) / static_cast<double>(file.size());
}

constexpr std::size_t large = 1'000'000;

}  // namespace

TEST_CASE("snapshot memory: a count of elements that are not there costs nothing") {
  std::string const claim = varint(large) + std::string(large, '\2');  // 2: no flag, no short text
  CHECK(appetite<Row<std::vector<std::optional<std::array<double, 100>>>>>(one_field(
            bytes({15, 14, 16, 100, 11}), "list<optional<array<float64,100>>>", claim)) < 10);
  CHECK(appetite<Row<std::vector<std::array<std::optional<double>, 100>>>>(one_field(
            bytes({15, 16, 100, 14, 11}), "list<array<optional<float64>,100>>", claim)) < 10);
  CHECK(appetite<Row<std::vector<bool>>>(one_field(bytes({15, 1}), "list<bool>", claim)) < 10);
}

TEST_CASE("snapshot memory: a count of rows that are not there costs nothing") {
  std::string const x = varint(1) + str("x") + bytes({1}) + varint(0);
  auto const rows = tlog_test::file(
      {tlog_test::schema_part("{x:bool}", x), rows_part(large, std::string(large, '\2'))});
  CHECK(appetite<Row<bool>>(rows) < 10);
  CHECK(appetite<Large>(rows) < 10);
}

TEST_CASE("snapshot memory: rows cost what they take in memory, and the growth of a vector") {
  std::string const zeros(large, '\0');
  auto const lists = [&](std::string const& type, std::string const& text) {
    return one_field(bytes({15}) + type, "list<" + text + ">", varint(large) + zeros);
  };
  CHECK(appetite<Row<std::vector<std::string>>>(lists(bytes({12}), "string")) <
        3.1 * sizeof(std::string));
  CHECK(appetite<Row<std::vector<std::optional<double>>>>(
            lists(bytes({14, 11}), "optional<float64>")) < 3.1 * 16);
  CHECK(appetite<Row<std::vector<std::vector<std::vector<int>>>>>(
            lists(bytes({15, 15, 4}), "list<list<int32>>")) < 3.1 * 24);
  CHECK(appetite<Row<std::vector<std::map<std::string, int>>>>(
            lists(bytes({17, 4}), "map<int32>")) < 3.1 * 48);
  CHECK(appetite<Row<std::vector<double>>>(
            one_field(bytes({15, 11}), "list<float64>", varint(large / 8) + zeros)) < 1.1);
  std::vector<text_test::Entry> const entries(100'000, text_test::Entry(1, 2));
  CHECK(appetite<text_test::Entry>(trainlog::to_binary(entries)) < 1.1);
}

TEST_CASE("snapshot memory: nested lists that each claim everything cost little") {
  using deep = std::vector<std::vector<std::vector<std::vector<std::vector<std::string>>>>>;
  std::string rows;
  for (int i = 0; i < 5; ++i) rows += varint(large);
  CHECK(appetite<Row<deep>>(one_field(bytes({15, 15, 15, 15, 15, 12}),
                                      "list<list<list<list<list<string>>>>>",
                                      rows + std::string(large + 20, '\2'))) < 8 * 5 + 32);
}

TEST_CASE("snapshot memory: the largest schemas cost a constant") {
  constexpr double constant = 40e6;
  auto const schema = [](std::string const& fields) {
    return tlog_test::file({{1, le(0, 16) + str("R") + fields}});
  };
  auto const cost = [](std::string const& file) {
    return appetite<Nothing>(file) * static_cast<double>(file.size());
  };
  std::string many = varint(65536);
  for (int i = 0; i < 65536; ++i) many += str(std::to_string(i)) + bytes({1, 0});
  CHECK(cost(schema(many)) < constant);
  std::string deep = varint(1024);
  for (int i = 0; i < 1024; ++i) {
    deep += str(std::to_string(i)) + std::string(63, '\x0f') + bytes({1, 0});
  }
  CHECK(cost(schema(deep)) < constant);
  std::string claims;
  for (int i = 0; i < 60; ++i) claims += varint(1'000'000) + str("x") + bytes({18, 0});
  CHECK(appetite<Nothing>(schema(claims + std::string(large, 'x'))) < 10);
}

TEST_CASE("snapshot memory: attributes and enumerators cost a multiple of their bytes") {
  constexpr std::size_t count = (1U << 18U) + 1;  // when a vector has just grown
  std::string aliases = varint(1) + str("x") + bytes({1}) + varint(count);
  std::string names = varint(1) + str("x") + bytes({13}) + str("E") + bytes({2}) + varint(count);
  for (std::size_t i = 0; i < count; ++i) {
    aliases += str("aka") + str("");
    names += str("") + le(i, 8);
  }
  for (auto const& fields : {aliases, names + varint(0)}) {
    CHECK(appetite<Nothing>(tlog_test::file({tlog_test::schema_part("", fields)})) < 20);
  }
}
