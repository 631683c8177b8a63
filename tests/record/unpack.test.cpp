// SPDX-License-Identifier: MIT
#include "trainlog/record/unpack.hpp"

#include <string>
#include <tuple>
#include <type_traits>

#include "catch.hpp"
#include "trainlog/record/frozen.hpp"
#include "trainlog/record/namedtuple.hpp"

namespace unpack_test {

TRAINLOG_NAMEDTUPLE(Entry, (int, epoch), (std::string, note))
struct Log {
  int epoch = 1;
  std::string note = "x";
  TRAINLOG_RECORD(Log, epoch, note)
};
using Frozen = trainlog::frozen<Log>;

static_assert(std::tuple_size_v<Entry> == 2 && std::tuple_size_v<Frozen const> == 2);
static_assert(std::is_same_v<std::tuple_element_t<0, Entry>, int const>);
static_assert(std::is_same_v<std::tuple_element_t<1, Frozen const>, std::string const>);

template <class T>
constexpr bool unpacks = requires { std::tuple_size<T>::value; };
static_assert(!unpacks<Log> && !unpacks<int>, "a mutable aggregate unpacks by itself");

}  // namespace unpack_test

TEST_CASE("immutable records unpack by value and by reference, and read-only") {
  using namespace unpack_test;
  Entry entry{3, "y"};
  auto [epoch, note] = entry;
  auto& [same_epoch, same_note] = entry;
  STATIC_REQUIRE(std::is_const_v<decltype(epoch)> && std::is_const_v<decltype(same_note)>);
  CHECK(epoch == 3);
  CHECK(&note != &entry.note());
  CHECK(&same_note == &entry.note());
  CHECK(same_epoch == 3);
  auto const& [frozen_epoch, frozen_note] = Frozen{};
  CHECK(frozen_note + std::to_string(frozen_epoch) == "x1");
  auto const [log_epoch, log_note] = Log{};
  CHECK(log_note + std::to_string(log_epoch) == "x1");
}
