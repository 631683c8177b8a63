// SPDX-License-Identifier: MIT
// What may stand in a record. Nothing here happens at run time.
#include "trainlog/record/traits.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "catch.hpp"
#include "trainlog/record/declare.hpp"
#include "trainlog/record/namedtuple.hpp"

namespace traits_test {

using namespace trainlog::detail;

enum class Phase { train };
TRAINLOG_ENUM(Phase, train)
enum class Bare { a };
struct Record {
  int a = 0;
  TRAINLOG_RECORD(Record, a)
};
struct Other {
  int a = 0;
};
TRAINLOG_NAMEDTUPLE(Tuple, (int, a))

static_assert(supported<bool> && supported<char> && supported<std::int8_t> && supported<long>);
static_assert(supported<long long> && supported<unsigned long long> && supported<float>);
static_assert(supported<double> && supported<std::string> && supported<Phase>);
static_assert(supported<std::optional<int>> && supported<std::vector<std::string>>);
static_assert(supported<std::vector<bool>> && supported<std::array<Record, 2>>);
static_assert(supported<std::map<std::string, std::vector<std::optional<Tuple>>>>);
static_assert(supported<std::chrono::minutes> && supported<std::chrono::duration<float>>);
static_assert(supported<std::chrono::system_clock::time_point> && supported<Record>);

static_assert(!supported<long double> && !supported<wchar_t> && !supported<char8_t>);
static_assert(!supported<char32_t> && !supported<int*> && !supported<char const*>);
static_assert(!supported<std::string_view> && !supported<Bare> && !supported<Other>);
static_assert(!supported<int[3]> && !supported<std::vector<Other>> && !supported<std::list<int>>);
static_assert(!supported<std::map<int, int>> && !supported<std::optional<Bare>>);
static_assert(!supported<std::unordered_map<std::string, int>>, "its order is no order");
static_assert(!supported<std::multimap<std::string, int>>, "a key names one value");
static_assert(supported<std::map<std::string, int, std::greater<>>>);
static_assert(!supported<std::wstring> && !supported<void>);

static_assert(duration<std::chrono::hours> && !duration<int> && !duration<Record>);
static_assert(time_point<std::chrono::steady_clock::time_point>);
static_assert(calendar_time<std::chrono::sys_days>);
static_assert(!calendar_time<std::chrono::steady_clock::time_point>);
static_assert(!time_point<std::chrono::hours> && !duration<std::chrono::sys_days>);

static_assert(fits<std::uint8_t>(255) && !fits<std::uint8_t>(256) && !fits<std::uint8_t>(-1));
static_assert(fits<std::int8_t>(-128) && !fits<std::int8_t>(-129) && !fits<std::int8_t>(128U));
static_assert(!fits<std::int64_t>(~std::uint64_t{0}) && !fits<std::uint64_t>(std::int8_t{-1}));
static_assert(fits<std::uint64_t>(std::numeric_limits<std::int64_t>::max()));

static_assert(fits<int>(2.0) && !fits<int>(2.5) && fits<int>(-0.0) && !fits<unsigned>(-1.0));
static_assert(fits<std::int8_t>(-128.0F) && !fits<std::int8_t>(128.0F));
static_assert(!fits<std::uint8_t>(-0.5) && !fits<std::uint8_t>(255.5) &&
              !fits<std::int8_t>(-128.5));
static_assert(fits<std::int64_t>(-0x1p63) && !fits<std::int64_t>(0x1p63));
static_assert(fits<std::uint64_t>(0x1p63) && !fits<std::uint64_t>(0x1p64));
static_assert(!fits<int>(std::numeric_limits<double>::quiet_NaN()));
static_assert(!fits<std::uint64_t>(std::numeric_limits<float>::infinity()));

}  // namespace traits_test

TEST_CASE("traits hold at compile time") { SUCCEED(); }
