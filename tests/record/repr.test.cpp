// SPDX-License-Identifier: MIT
// The printed form. Expected texts are what Python 3.11 prints: python3 -c 'print(repr(1e-05))'.
#include "trainlog/record/repr.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "trainlog/record/asdict.hpp"
#include "trainlog/record/declare.hpp"

namespace repr_test {

struct Log {
  int epoch = -3;
  double loss = 0.42;
  std::string name = "it's";
  bool done = true;
  std::optional<double> note;
  std::vector<std::string> tags{"a", "b"};
  std::map<std::string, std::optional<double>> hist{{"z", {}}, {"k", 1e-5}};
  std::array<float, 2> pair{0.1F, 1e10F};
  TRAINLOG_RECORD(Log, epoch, loss, name, done, note, tags, hist, pair)
};

}  // namespace repr_test

namespace {

using trainlog::repr;

TEST_CASE("floats are printed as Python prints them") {
  std::pair<double, char const*> const table[] = {
      {0.1, "0.1"},
      {1.0, "1.0"},
      {-0.0, "-0.0"},
      {1e16, "1e+16"},
      {1e15, "1000000000000000.0"},
      {123456789012345680.0, "1.2345678901234568e+17"},
      {1e-4, "0.0001"},
      {1e-5, "1e-05"},
      {5e-324, "5e-324"},
      {1.7976931348623157e308, "1.7976931348623157e+308"},
      {1.0 / 3, "0.3333333333333333"},
      {2.5e-7, "2.5e-07"},
      {1e22, "1e+22"},
      {0.1 + 0.2, "0.30000000000000004"},
      {std::numeric_limits<double>::quiet_NaN(), "nan"},
      {std::numeric_limits<double>::infinity(), "inf"},
      {-std::numeric_limits<double>::infinity(), "-inf"},
  };
  for (auto const& [number, text] : table) CHECK(repr(number) == text);
  CHECK(repr(0.1F) == "0.1");
}

TEST_CASE("texts are quoted as Python quotes them") {
  std::pair<std::string, char const*> const table[] = {
      {"", R"('')"},
      {"it's", R"("it's")"},
      {"say \"hi\"", R"('say "hi"')"},
      {"both ' and \"", R"('both \' and "')"},
      {"tab\there", R"('tab\there')"},
      {"nl\n", R"('nl\n')"},
      {"cr\r", R"('cr\r')"},
      {std::string("nul\0", 4), R"('nul\x00')"},
      {"esc\x1b", R"('esc\x1b')"},
      {"del\x7f", R"('del\x7f')"},
      {"back\\slash", R"('back\\slash')"},
      {"bell\a", R"('bell\x07')"},
      {"\u00e9 \u65e5\u672c", "'\u00e9 \u65e5\u672c'"},
  };
  for (auto const& [text, expected] : table) CHECK(repr(text) == expected);
  CHECK(repr("literal") == "'literal'");
}

TEST_CASE("a record is printed as a dataclass") {
  std::string const expected =
      "Log(epoch=-3, loss=0.42, name=\"it's\", done=True, note=None, tags=['a', 'b'], "
      "hist={'k': 1e-05, 'z': None}, pair=[0.1, 10000000000.0])";
  CHECK(repr(repr_test::Log{}) == expected);
  std::ostringstream out;
  out << repr_test::Log{};
  CHECK(out.str() == expected);
}

TEST_CASE("values of any field type are printed alone") {
  CHECK(repr(true) == "True");
  CHECK(repr(std::int8_t{-128}) == "-128");
  CHECK(repr(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
  CHECK(repr(std::optional<int>{}) == "None");
  CHECK(repr(std::vector<bool>{true, false}) == "[True, False]");
  CHECK(repr(std::vector<int>{}) == "[]");
  CHECK(repr(std::map<std::string, int>{}) == "{}");
}

TEST_CASE("durations are seconds, instants are RFC 3339") {
  using namespace std::chrono;
  CHECK(repr(milliseconds{1500}) == "1.5s");
  CHECK(repr(hours{1}) == "3600.0s");
  CHECK(repr(nanoseconds{-1}) == "-0.000000001s");
  CHECK(repr(duration<double>{0.25}) == "0.25s");
  CHECK(repr(duration<double>{std::numeric_limits<double>::quiet_NaN()}) == "nans");
  CHECK(repr(duration<float, std::milli>{1500.5F}) == "1.5005s");
  CHECK(repr(sys_seconds{seconds{0}}) == "1970-01-01T00:00:00Z");
  CHECK(repr(steady_clock::time_point{milliseconds{1}}) == "0.001s");
}

TEST_CASE("values without a C++ type are printed as Python's") {
  using trainlog::dict;
  using trainlog::value_list;
  trainlog::value const list = value_list{{}, true, 1, 2.0, "x", value_list{}, dict{}};
  CHECK(repr(list) == "[None, True, 1, 2.0, 'x', [], {}]");
  std::ostringstream out;
  out << dict{{"epoch", 3}, {"loss", 0.5F}} << list[3];
  CHECK(out.str() == "{'epoch': 3, 'loss': 0.5}2.0");
}

}  // namespace
