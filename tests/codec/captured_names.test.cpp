// SPDX-License-Identifier: MIT
// Functions of a program that have the names of internal ones, and fit its types better, are never
// called: all that the codecs do with these types is checked to compile.
#include <trainlog/trainlog.hpp>

#include <unistd.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "catch.hpp"

namespace greedy {

struct Point;
enum class Mode : std::uint8_t;

template <class T>
inline constexpr bool is_mine = false;
template <>
inline constexpr bool is_mine<Point> = true;
template <>
inline constexpr bool is_mine<Mode> = true;
template <template <class...> class Template, class... Arguments>
inline constexpr bool is_mine<Template<Arguments...>> = (is_mine<Arguments> || ...);
template <class T, std::size_t N>
inline constexpr bool is_mine<std::array<T, N>> = is_mine<T>;

template <class T>
concept mine = is_mine<T> || std::is_same_v<T, struct Everything>;

// Each has the parameters of the library's function, and is the better match for its constraint.
#define GREEDY_VALUE(name) \
  template <mine T>        \
  void name(T const&) = delete;
#define GREEDY_OBJECT(name) \
  template <mine T>         \
  void name(T&) = delete;
#define GREEDY_PUT(name) \
  template <mine T>      \
  void name(char*, T const&) = delete;
#define GREEDY_APPEND(name) \
  template <mine T>         \
  void name(std::string&, T const&) = delete;
#define GREEDY_READ(name) \
  template <mine T>       \
  void name(trainlog::detail::wire_reader&, T&) = delete;
#define GREEDY_READ_EACH(name)  \
  template <mine T, class Read> \
  void name(trainlog::detail::wire_reader&, T&, Read) = delete;
#define GREEDY_PLANNED(name) \
  template <mine T>          \
  void name(trainlog::detail::wire_reader&, trainlog::type_plan const&, T&) = delete;
#define GREEDY_JSON(name)       \
  template <class Json, mine T> \
  void name(Json&, T const&) = delete;

GREEDY_VALUE(wire_size)
GREEDY_VALUE(map_size)
GREEDY_VALUE(record_size)
GREEDY_VALUE(in_member_order)
GREEDY_VALUE(all_finite)
GREEDY_VALUE(require_distinct_keys)
GREEDY_VALUE(to_binary)
GREEDY_OBJECT(finish)
GREEDY_OBJECT(append_blank)
GREEDY_OBJECT(field_slots)
GREEDY_PUT(put_value)
GREEDY_PUT(put_optional)
GREEDY_PUT(put_list)
GREEDY_PUT(put_array)
GREEDY_PUT(put_map)
GREEDY_PUT(put_record)
GREEDY_APPEND(append_cell)
GREEDY_APPEND(append_cells)
GREEDY_APPEND(append_json_cell)
GREEDY_APPEND(append_marks)
GREEDY_APPEND(append_record_marks)
GREEDY_READ(read_value)
GREEDY_READ(read_same_list)
GREEDY_READ(read_same_fields)
GREEDY_READ(read_enum)
GREEDY_READ(read_clock)
GREEDY_READ(finish_record)
GREEDY_READ_EACH(read_list)
GREEDY_READ_EACH(read_array)
GREEDY_READ_EACH(read_map)
GREEDY_READ_EACH(read_optional)
GREEDY_PLANNED(read_value)
GREEDY_PLANNED(read_planned_enum)
GREEDY_PLANNED(read_planned_clock)
GREEDY_PLANNED(read_planned_optional)
GREEDY_PLANNED(read_planned_fields)
GREEDY_JSON(record_to_json)
GREEDY_JSON(field_to_json)
GREEDY_JSON(time_to_json)

template <mine T>
void assign_scalar(T&, trainlog::detail::text_scalar const&) = delete;
template <mine T>
void assign_enum(T&, trainlog::detail::text_scalar const&) = delete;
template <mine T>
void mark_nonfinite(T&, trainlog::detail::mark_path, double, bool) = delete;
template <mine T>
void append_blanks(T&, std::size_t) = delete;
template <mine T>
void reserve_within(T&, std::uint64_t, std::size_t) = delete;
template <mine T>
void append_objects(trainlog::detail::wire_reader&, T&, std::size_t) = delete;
template <mine T>
void rows_within(std::span<T const>, std::size_t) = delete;
template <mine T>
void append_rows(std::string&, std::span<T const>) = delete;
template <mine T>
void rows_of_block(std::span<T const>) = delete;
template <mine T>
void snapshot_of(std::span<T const>) = delete;
template <mine T>
void append_json(std::string&, T const&, trainlog::json_options) = delete;
template <mine T>
void append_json_field(std::string&, T const&, trainlog::json_options) = delete;
template <mine T>
void to_json(T&&, trainlog::json_options) = delete;
template <mine T>
void to_jsonl(T&&, trainlog::json_options) = delete;
template <mine T>
void to_csv(T&&) = delete;
template <mine T>
void only_row(std::vector<T>, std::string_view) = delete;

enum class Mode : std::uint8_t { slow, fast };
TRAINLOG_ENUM(Mode, slow, fast)

struct Point {
  double x = 0;
  Mode mode = Mode::slow;
  TRAINLOG_RECORD(Point, x, mode)
};

struct Plain {
  float x = 0;
  TRAINLOG_RECORD(Plain, x)
};

struct Everything {
  Point point;
  std::vector<Point> list;
  std::vector<Plain> plain;
  std::optional<Point> maybe;
  std::array<Point, 2> array{};
  std::map<std::string, Point> map;
  std::vector<Mode> modes;
  std::chrono::milliseconds pause{};
  TRAINLOG_RECORD(Everything, point, list, plain, maybe, array, map, modes, pause)
};

/// The same fields, so that a file of it is read by a plan.
struct Changed {
  int more = 7;
  std::optional<Point> point;
  std::vector<Point> list;
  std::vector<Plain> plain;
  std::optional<Point> maybe;
  std::array<Point, 2> array{};
  std::map<std::string, Point> map;
  std::vector<std::optional<Mode>> modes;
  std::chrono::milliseconds pause{};
  TRAINLOG_RECORD(Changed, more, point, list, plain, maybe, array, map, modes, pause)
};

}  // namespace greedy

TEST_CASE("captured_names: a program's functions of internal names are not called") {
  using namespace greedy;
  Point const infinite{std::numeric_limits<double>::infinity(), Mode::fast};
  Everything const record{infinite,          {infinite},   {{1}}, infinite, {infinite, infinite},
                          {{"a", infinite}}, {Mode::fast}, {}};
  std::vector<Everything> const rows(3, record);
  CHECK(
      trainlog::identical(trainlog::from_json<Everything>(trainlog::to_json(record, {})), record));
  CHECK(trainlog::from_jsonl<Everything>(trainlog::to_jsonl(rows, {})).size() == 3);
  CHECK(trainlog::from_csv<Everything>(trainlog::to_csv(rows)).size() == 3);
  auto const bytes = trainlog::to_binary(rows);
  CHECK(trainlog::identical(trainlog::from_binary<std::vector<Everything>>(bytes)[1], record));
  CHECK(trainlog::from_binary<std::vector<Changed>>(bytes)[2].point->mode == Mode::fast);
  CHECK(trainlog::identical(nlohmann::json(record).get<Everything>(), record));
  auto const stem = std::filesystem::temp_directory_path() /
                    ("trainlog_captured_names." + std::to_string(::getpid()));
  for (auto const* extension : {".json", ".jsonl", ".csv", ".tlog"}) {
    auto const path = stem.string() + extension;
    trainlog::save(path, record);
    CHECK(trainlog::identical(trainlog::load<Everything>(path), record));
    std::filesystem::remove(path);
  }
}
