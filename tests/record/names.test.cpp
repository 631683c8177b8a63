// SPDX-License-Identifier: MIT
#include "trainlog/record/names.hpp"

#include "catch.hpp"

namespace names_test {

using namespace trainlog::detail;

static_assert(count_names("") == 0 && count_names("a") == 1 && count_names("a, b,c") == 3);
static_assert(count_names("a,b=,") == 2);
static_assert(split_names<3>("a, bc ,d") == std::array<std::string_view, 3>{"a", "bc", "d"});
static_assert(split_names<2>("a=,b,") == std::array<std::string_view, 2>{"a=", "b"});
static_assert(split_names<0>("").empty());

static_assert(find_name(split_names<3>("a, b, c"), "c") == 2);
static_assert(find_name(split_names<3>("a, b, c"), "d") == npos);
static_assert(find_name(split_names<0>(""), "") == npos);

static_assert(all_different(split_names<3>("a, b, c")) && all_different(split_names<0>("")));
static_assert(!all_different(split_names<3>("a, b, a")) && !all_different(split_names<2>("a, a")));

// Empty names stand for none.
using three = std::array<std::string_view, 3>;
static_assert(all_different(three{"a", "", ""}) && all_different(three{"", "", ""}));
static_assert(!all_different(three{"a", "", "a"}));

// Two names may have the same hash.
constexpr three same_hash{"8yn0iYCKYHlIj4-BwPqk", "GReLUrM4wMqfg9yzV3KQ", ""};
static_assert(fnv1a(same_hash[0]) == fnv1a(same_hash[1]) && all_different(same_hash));

/// 600 long names, all different but for the last one, which is `last`.
constexpr bool many_differ(std::string_view last) {
  constexpr std::string_view text =
      "a_word_that_stands_in_front_of_a_number_00000102030405060708091011121314151617181920212223";
  std::array<std::string_view, 600> names{};
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = text.substr(i % 40, 20 + i / 40);
  names.back() = last;
  return all_different(names);
}
// In fewer steps than any compiler allows.
static_assert(many_differ("last") && !many_differ("a_word_that_stands_in"));

// The published test vectors of 64-bit FNV-1a.
static_assert(fnv1a("") == 0xcbf29ce484222325U && fnv1a("a") == 0xaf63dc4c8601ec8cU);
static_assert(fnv1a("foobar") == 0x85944171f73967e8U);

template <trainlog::fixed_string Name>
constexpr std::string_view text_of() {
  return Name;
}
static_assert(text_of<"loss">().size() == 4 && text_of<"">().empty());

}  // namespace names_test

TEST_CASE("a fixed string reads as the text it was made of") {
  CHECK(names_test::text_of<"train/loss">() == "train/loss");
}
