// SPDX-License-Identifier: MIT
// The check that a macro lists all members of an aggregate: no miss, no false alarm.
#include "trainlog/record/access.hpp"

#include <any>
#include <array>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "catch.hpp"
#include "trainlog/record/frozen.hpp"
#include "trainlog/record/namedtuple.hpp"

namespace access_test {

using trainlog::detail::lists_all_members;

struct Empty {};
struct Nested {
  double x = 1;
  std::optional<int> y;
};
struct Record {
  int a = 0;
  TRAINLOG_RECORD(Record, a)
};
TRAINLOG_NAMEDTUPLE(Tuple, (int, a), (double, b, 1.0))
enum class Byte : unsigned char { zero };
struct NoDefault {
  explicit NoDefault(int);
};

template <class Member>
struct First {
  Member member;
  int other;
};
template <class Member>
struct Middle {
  int before;
  Member member;
  double after;
};
template <class Member>
struct Last {
  int before;
  Member member;
};
template <class Member>
struct Defaulted {
  int before = 1;
  Member member{};
  double after = 2;
};

template <class Member>
constexpr bool seen_with_default() {
  if constexpr (std::is_default_constructible_v<Member>) {
    return lists_all_members<Defaulted<Member>, 3>() && !lists_all_members<Defaulted<Member>, 2>();
  } else {
    return true;
  }
}

/// A member of that type is missed wherever it stands, and only if it is not listed.
template <class Member>
constexpr bool seen =
    lists_all_members<First<Member>, 2>() && !lists_all_members<First<Member>, 1>() &&
    lists_all_members<Middle<Member>, 3>() && !lists_all_members<Middle<Member>, 2>() &&
    lists_all_members<Last<Member>, 2>() && !lists_all_members<Last<Member>, 1>() &&
    seen_with_default<Member>();

static_assert(seen<bool> && seen<int> && seen<std::int64_t> && seen<float> && seen<Byte>);
static_assert(seen<int*> && seen<char const*> && seen<int const>);
static_assert(seen<std::string> && seen<std::string_view> && seen<std::string const>);
static_assert(seen<std::optional<int>> && seen<std::optional<std::string>>);
static_assert(seen<std::optional<std::vector<double>>> && seen<std::optional<Record>>);
static_assert(seen<std::vector<int>> && seen<std::vector<bool>> && seen<std::vector<Record>>);
static_assert(seen<std::array<int, 3>> && seen<std::array<std::string, 2>>);
static_assert(seen<std::array<Nested, 2>> && seen<std::map<std::string, double>>);
static_assert(seen<std::chrono::milliseconds> && seen<std::chrono::duration<double>>);
static_assert(seen<std::chrono::system_clock::time_point>);
static_assert(seen<Empty> && seen<Nested> && seen<Record> && seen<Tuple>);
static_assert(seen<trainlog::frozen<Record>> && seen<NoDefault>);
// Types that convert from anything, and types that are not copied.
static_assert(seen<std::any> && seen<std::function<double(double)>> && seen<trainlog::value>);
static_assert(seen<std::variant<int, double>> && seen<std::variant<std::monostate, std::string>>);
static_assert(seen<std::unique_ptr<int>> && seen<std::shared_ptr<int>> && seen<std::mutex>);
static_assert(seen<std::pair<int, double>> && seen<std::tuple<int>>);

struct Base {
  int b = 1;
};
struct Derived : Base {
  int x = 2;
  std::optional<int> y;
};
struct Bits {
  int a : 3;
  int b : 5;
};
static_assert(lists_all_members<Derived, 3>() && !lists_all_members<Derived, 2>());
static_assert(lists_all_members<Bits, 2>() && !lists_all_members<Bits, 1>());
static_assert(lists_all_members<Empty, 0>() && !lists_all_members<Base, 0>());
static_assert(lists_all_members<std::string, 0>(), "nothing is known of a class with constructors");

// Known limits: a C array takes the initializers of its elements, a reference takes none.
static_assert(!lists_all_members<Last<int[3]>, 2>());
static_assert(lists_all_members<Last<int&>, 1>());

}  // namespace access_test

TEST_CASE("a record whose fields are set later starts with its defaults") {
  CHECK(trainlog::detail::access::blank<access_test::Tuple>().b() == 1.0);
  CHECK(trainlog::detail::access::blank<access_test::Tuple>().a() == 0);
  CHECK(trainlog::detail::access::blank<access_test::Record>() == access_test::Record{});
}
