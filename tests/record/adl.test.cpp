// SPDX-License-Identifier: MIT
// A program may have functions of any name beside its records: the library calls its own. Each name
// below is one of the library's, as a better match for the types of this namespace, and deleted.
#include <trainlog/schema.hpp>

#include <array>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include "catch.hpp"

namespace adl_test {

struct Clock {
  using rep = std::int64_t;
  using period = std::milli;
  using duration = std::chrono::milliseconds;
  using time_point = std::chrono::time_point<Clock>;
};
enum class Phase { train, eval };
struct Inner;
struct Outer;

/// What argument-dependent lookup finds this namespace for.
template <class T>
inline constexpr bool is_ours = false;
template <>
inline constexpr bool is_ours<Phase> = true;
template <>
inline constexpr bool is_ours<Inner> = true;
template <>
inline constexpr bool is_ours<Outer> = true;
template <>
inline constexpr bool is_ours<Clock> = true;
template <template <class...> class Of, class... Inside>
inline constexpr bool is_ours<Of<Inside...>> = (is_ours<Inside> || ...);
template <class T, std::size_t N>
inline constexpr bool is_ours<std::array<T, N>> = is_ours<T>;
template <class T>
concept ours = is_ours<T>;

// NOLINTBEGIN(bugprone-macro-parentheses)
#define ONE(name)                     \
  template <ours T>                   \
  void name(T&) = delete;             \
  template <ours T>                   \
  void name(T const&) = delete;       \
  template <class A, ours T>          \
  void name(T const&) = delete;       \
  template <class A, class B, ours T> \
  void name(T const&) = delete;
#define TWO(name)                         \
  template <ours T>                       \
  void name(T const&, T const&) = delete; \
  template <class A, ours T>              \
  void name(T const&, T const&) = delete;
#define TEXT(name)                            \
  template <ours T>                           \
  void name(std::string&, T const&) = delete; \
  template <class A, ours T>                  \
  void name(std::string&, T const&) = delete;
#define VISIT(name)            \
  template <ours T, class F>   \
  void name(T&, F&&) = delete; \
  template <ours T, class F>   \
  void name(T const&, F const&) = delete;
#define BOUNDS(name)                                                                             \
  template <ours T>                                                                              \
  void name(std::string&, trainlog::detail::field_path, T const&, trainlog::field_meta const&) = \
      delete;                                                                                    \
  template <ours T>                                                                              \
  void name(std::string&, trainlog::detail::field_path const*, T const&) = delete;
// NOLINTEND(bugprone-macro-parentheses)

// clang-format off
ONE(to_value) ONE(time_to_value) ONE(enum_to_value) ONE(asdict) ONE(hash_of) ONE(hash) ONE(repr)
ONE(repr_of) ONE(enum_name) ONE(to_seconds) ONE(is_finite_time) ONE(public_view)
ONE(call_validate) ONE(complete) ONE(finish) ONE(validate) ONE(number_of) ONE(wire_value)
ONE(wire_dict) ONE(to_instant) ONE(as_number) ONE(field_at) TWO(same) TWO(same_elements)
TWO(same_entries) TWO(order) TWO(order_elements) TWO(order_entries) TWO(order_fields) TWO(equal)
TWO(compare) TWO(identical) TEXT(append_repr) TEXT(append_repr_list) TEXT(append_repr_dict)
TEXT(append_repr_enum) TEXT(append_repr_time) TEXT(append_repr_record) TEXT(append_time_value)
TEXT(append_seconds) VISIT(visit_fields) VISIT(for_each_indexed) VISIT(for_each_record)
BOUNDS(check_number) BOUNDS(check_numbers) BOUNDS(check_own_bounds) BOUNDS(check_all_bounds)
    // clang-format on
    template <ours T, class F>
    void all_fields(T const&, T const&, bool, F) = delete;
template <ours T, class Value>
void assign_field(trainlog::detail::field_place, T&, Value&&) = delete;
template <ours T, class... Named>
void assign_named(T&, Named&&...) = delete;
template <ours T>
void at(T const&, std::ptrdiff_t) = delete;
template <class T>
void has_serializer(trainlog::detail::outer_records<Inner>) = delete;
template <class T>
void has_serializer(trainlog::detail::outer_records<Outer>) = delete;
template <class Outers, class... Fields>
  requires ours<Outers>
void find_bad_field(Outers, std::type_identity<std::tuple<Fields...>>) = delete;

TRAINLOG_ENUM(Phase, train, eval)

struct Inner {
  double x = 0.5;
  Phase phase = Phase::eval;
  void post_init() {}
  void validate() const {}
  TRAINLOG_RECORD(Inner, x, phase)
};
TRAINLOG_META(Inner, x, le(1))

struct Outer {
  Inner one;
  std::optional<Inner> maybe = Inner{};
  std::vector<Inner> list{Inner{}};
  std::array<Inner, 1> fixed{};
  std::map<std::string, Inner> map{{"a", Inner{}}};
  Clock::time_point at{};
  std::vector<Phase> phases{Phase::train};
  TRAINLOG_RECORD(Outer, one, maybe, list, fixed, map, at, phases)
};

}  // namespace adl_test

namespace {

using adl_test::Outer;
using trainlog::frozen;

TEST_CASE("functions of a program do not stand in for the library's") {
  using namespace trainlog::literals;
  Outer const a;
  auto const b = trainlog::make<Outer>("phases"_field = std::vector{adl_test::Phase::train});
  CHECK(trainlog::repr(a) == trainlog::repr(b));
  CHECK((a == b && (a <=> b) == 0 && trainlog::identical(a, b)));
  CHECK(trainlog::asdict(a)["one"]["x"] == 0.5);
  CHECK(trainlog::at(a, "at") == 0);
  CHECK(trainlog::hash(frozen<Outer>{a}) == trainlog::hash(frozen<Outer>{b}));
  CHECK(trainlog::get<"one">(a).x == 0.5);
  CHECK(trainlog::field_defaults<Outer>().size() == 7);
  CHECK(trainlog::make_from_tuple<Outer>(trainlog::astuple(a)) == a);
  CHECK(trainlog::replace(a, "one"_field = adl_test::Inner{}) == a);
  CHECK(trainlog::schema_of<Outer>().fields.size() == 7);
  trainlog::validate(a);
  auto copy = a;
  trainlog::detail::finish(copy);
}

}  // namespace
