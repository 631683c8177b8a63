// SPDX-License-Identifier: MIT
#include "trainlog/record/for_each.hpp"

#include <array>
#include <map>
#include <string>
#include <type_traits>

#include "catch.hpp"
#include "record/wide.hpp"

namespace for_each_test {

#define ADD(data, x) +(data * x)
#define ITEM(data, x) data x
static_assert(0 TRAINLOG_DETAIL_FOR_EACH(ADD, 2, 1, 2, 3) == 12);
static_assert(0 TRAINLOG_DETAIL_FOR_EACH(ADD, 2) == 0);
constexpr int list[] = {TRAINLOG_DETAIL_FOR_EACH_COMMA(ITEM, -, 1, 2, 3)};
static_assert(std::size(list) == 3 && list[2] == -3);

#define ONE(name) 1
static_assert(0 TRAINLOG_DETAIL_FOR_EACH(ADD, 1, WIDE_600(ONE)) == 600);
constexpr int many[] = {TRAINLOG_DETAIL_FOR_EACH_COMMA(ITEM, , WIDE_600(ONE), WIDE_600(ONE))};
static_assert(std::size(many) == 1200);

static_assert(std::is_same_v<TRAINLOG_DETAIL_UNPAREN(int), int>);
static_assert(std::is_same_v<TRAINLOG_DETAIL_UNPAREN((std::array<int, 3>)), std::array<int, 3>>);
static_assert(std::is_same_v<TRAINLOG_DETAIL_UNPAREN((std::map<std::string, int>)),
                             std::map<std::string, int>>);
static_assert(std::is_same_v<TRAINLOG_DETAIL_UNPAREN(unsigned long), unsigned long>);

}  // namespace for_each_test

TEST_CASE("the preprocessor iterates before anything runs") { SUCCEED(); }
