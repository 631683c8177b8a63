// SPDX-License-Identifier: MIT
#include "trainlog/record/enum.hpp"

#include <cstdint>

#include "catch.hpp"
#include "trainlog/record/declare.hpp"

namespace enum_test {

enum class Phase { train, eval };
TRAINLOG_ENUM(Phase, train, eval)

enum Color { red = -1, green = 7 };
TRAINLOG_ENUM(Color, red, green)

enum class Small : std::uint8_t { low = 0, high = 255 };
enum class Bare { a };

struct Outer {
  enum class Mode { fast, slow };
};
TRAINLOG_ENUM(Outer::Mode, fast, slow)

}  // namespace enum_test

TRAINLOG_ENUM(enum_test::Small, low, high)

namespace enum_test {

struct Log {
  Phase phase = Phase::eval;
  Color color = green;
  Small small = Small::high;
  Outer::Mode mode = Outer::Mode::slow;
  TRAINLOG_RECORD(Log, phase, color, small, mode)
};

using trainlog::enum_name;
using trainlog::find_enumerator;

static_assert(enum_name(Phase::eval) == "eval" && enum_name(red) == "red");
static_assert(enum_name(Small::high) == "high" && enum_name(Outer::Mode::fast) == "fast");
static_assert(enum_name(static_cast<Phase>(5)).empty());
static_assert(*find_enumerator<Phase>("eval") == Phase::eval);
static_assert(*find_enumerator<Color>("red") == red);
static_assert(find_enumerator<Phase>("Eval") == nullptr && find_enumerator<Phase>("") == nullptr);
static_assert(trainlog::detail::described_enum<Small> && !trainlog::detail::described_enum<Bare>);
static_assert(!trainlog::detail::described_enum<int>);

}  // namespace enum_test

TEST_CASE("enumerations are printed by name, and by number where they have none") {
  using namespace enum_test;
  CHECK(trainlog::repr(Log{}) ==
        "Log(phase=Phase.eval, color=Color.green, small=Small.high, mode=Mode.slow)");
  CHECK(trainlog::repr(static_cast<Phase>(-3)) == "Phase(-3)");
  CHECK(trainlog::repr(static_cast<Small>(200)) == "Small(200)");
  CHECK(Log{.phase = Phase::train, .color = {}, .small = {}, .mode = {}} < Log{});
}
