// SPDX-License-Identifier: MIT
#include "trainlog/record/descriptor.hpp"

#include <string>
#include <type_traits>

#include "catch.hpp"
#include "trainlog/record/frozen.hpp"
#include "trainlog/record/namedtuple.hpp"

namespace descriptor_test {

using namespace trainlog::detail;

struct Base {
  int a = 1;
  TRAINLOG_RECORD(Base, a)
};
struct Derived : Base {
  double const b = 2;
  std::string c = "x";
  TRAINLOG_RECORD_DERIVED(Derived, Base, b, c)
};
TRAINLOG_NAMEDTUPLE(Entry, (int, a), (double, b, 1.0))
struct Foreign {
  int x = 0;
};
TRAINLOG_DESCRIBE(::descriptor_test::Foreign, x)

static_assert(descriptor<Derived>::size == 3 && descriptor<Derived>::names[0] == "a");
static_assert(descriptor<Derived>::type_name == "Derived");
static_assert(descriptor<Foreign>::type_name == "Foreign", "without its namespace");
static_assert(descriptor<Entry>::names[1] == "b", "without the mark of a default");
static_assert(!descriptor<Entry>::has_default[0] && descriptor<Entry>::has_default[1]);
static_assert(descriptor<Derived>::has_default[2]);
static_assert(descriptor<Entry>::immutable && !descriptor<Derived>::immutable);
static_assert(descriptor<trainlog::frozen<Base>>::immutable);
static_assert(descriptor<trainlog::frozen<Derived>>::names == descriptor<Derived>::names);

static_assert(std::is_same_v<field_type<Derived, 2>, std::string>);
static_assert(
    std::is_same_v<field_types<Derived>, trainlog::detail::type_list<int, double, std::string>>);
static_assert(std::is_same_v<decltype(field_at<1>(std::declval<Derived&>())), double const&>);
static_assert(std::is_same_v<decltype(field_at<0>(std::declval<Derived const&>())), int const&>);
static_assert(index_of<Derived>("c") == 2 && index_of<Derived const>("d") == npos);

constexpr int sum_of(Entry const& entry) {
  int sum = 0;
  for_each_indexed(entry, [&](std::size_t i, auto& field) {
    sum += static_cast<int>(i + 1) * static_cast<int>(field);
  });
  return sum;
}
static_assert(sum_of(Entry{5, 7.0}) == 5 + 2 * 7);

}  // namespace descriptor_test

TEST_CASE("visit_fields gives lvalues of the record's own fields") {
  descriptor_test::Base base;
  trainlog::detail::visit_fields(base, [&](auto& a) { CHECK(&a == &base.a); });
  CHECK(trainlog::detail::visit_fields(base, [](auto& a) { return a + 1; }) == 2);
}
