// SPDX-License-Identifier: MIT
// The search for a field without a serializer. What compilers say of one: tests/compile_fail.
#include "trainlog/record/serializable.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "catch.hpp"
#include "trainlog/record.hpp"

namespace {

struct Leaf {
  int x = 0;
  TRAINLOG_RECORD(Leaf, x)
};

struct Tree {
  double loss = 0.0;
  std::vector<Tree> children{};
  std::map<std::string, std::vector<std::optional<Leaf>>> leaves{};
  TRAINLOG_RECORD(Tree, loss, children, leaves)
};

struct Bad {
  int x = 0;
  int* pointer = nullptr;
  TRAINLOG_RECORD(Bad, x, pointer)
};

// Each holds the other, and reaches what is bad without and by way of it.
struct Pong;
struct Ping {
  std::vector<Pong> pongs;
  std::optional<Bad> bad;
  TRAINLOG_RECORD(Ping, pongs, bad)
};
struct Pong {
  std::vector<Ping> pings{};
  std::vector<Bad> bads{};
  TRAINLOG_RECORD(Pong, pings, bads)
};

struct Derived : Bad {
  int y = 0;
  TRAINLOG_RECORD_DERIVED(Derived, Bad, y)
};

TRAINLOG_NAMEDTUPLE(Nothing)
TRAINLOG_NAMEDTUPLE(Entry, (int, epoch), ((std::map<int, double>), losses))

using namespace trainlog::detail;

static_assert(serializable<Leaf> && serializable<Tree> && serializable<Nothing> &&
              serializable<std::vector<Tree>>);
static_assert(serializable<trainlog::frozen<Tree>> && serializable<int> &&
              serializable<std::optional<float>>);
static_assert(!serializable<Bad> && !serializable<Derived> && !serializable<Ping> &&
              !serializable<Pong>);
static_assert(!serializable<Entry> && !serializable<trainlog::frozen<Bad>> &&
              !serializable<std::vector<Bad>>);
static_assert(!serializable<std::unique_ptr<int>> && !serializable<std::map<int, int>>);
static_assert(require_serializer<Tree>() && require_serializer<std::vector<Leaf>>());

template <class T>
using mistake = decltype(find_mistake<void, 0, T>(outer_records<>{}));
using bad_pointer = type_tag<serializable_field<Bad, "pointer", int*>>;

static_assert(std::is_same_v<mistake<Bad>, bad_pointer>);
static_assert(std::is_same_v<mistake<std::optional<std::vector<Bad>>>, bad_pointer>);
static_assert(std::is_same_v<mistake<Ping>, bad_pointer>);
static_assert(std::is_same_v<mistake<Pong>, bad_pointer>);
static_assert(
    std::is_same_v<mistake<Derived>, type_tag<serializable_field<Derived, "pointer", int*>>>);
static_assert(std::is_same_v<mistake<Entry>,
                             type_tag<serializable_field<Entry, "losses", std::map<int, double>>>>);

}  // namespace

TEST_CASE("serializable: a record that cannot be written works otherwise") {
  Bad bad{.x = 3};
  CHECK(trainlog::get<"x">(bad) == 3);
  CHECK((bad == Bad{.x = 3}));  // in parentheses: it is not to be printed
  std::string names;
  trainlog::for_each_field(bad, [&](std::string_view name, auto&) { names += name; });
  CHECK(names == "xpointer");
}
