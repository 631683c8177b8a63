// SPDX-License-Identifier: MIT
// Records to and from nlohmann::json and its relatives: what its adl_serializer asks of a type.
#ifndef TRAINLOG_CODEC_JSON_BRIDGE_HPP
#define TRAINLOG_CODEC_JSON_BRIDGE_HPP

#if !__has_include(<nlohmann/json.hpp>)
#error \
    "trainlog/codec/json_bridge.hpp, and with it trainlog/json.hpp and trainlog/trainlog.hpp, need \
nlohmann_json 3.9 or newer (nlohmann-json3-dev, nlohmann-json, nlohmann_json). The other headers need \
only the standard library: trainlog/csv.hpp, trainlog/binary.hpp, trainlog/codec/json_write.hpp, \
trainlog/codec/json_read.hpp and trainlog/codec/save_load.hpp"
#endif

#include <nlohmann/json.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "trainlog/codec/json_keys.hpp"
#include "trainlog/codec/json_map_keys.hpp"
#include "trainlog/codec/json_nonfinite.hpp"
#include "trainlog/codec/one_null.hpp"
#include "trainlog/codec/text_decoder.hpp"
#include "trainlog/codec/text_scalar.hpp"
#include "trainlog/codec/text_type.hpp"
#include "trainlog/codec/text_type_of.hpp"
#include "trainlog/detail/append_number.hpp"
#include "trainlog/detail/number_text.hpp"
#include "trainlog/detail/parse_float.hpp"
#include "trainlog/record/access.hpp"
#include "trainlog/record/descriptor.hpp"
#include "trainlog/record/enum.hpp"
#include "trainlog/record/enum_number.hpp"
#include "trainlog/record/error.hpp"
#include "trainlog/record/serializable.hpp"
#include "trainlog/record/time.hpp"
#include "trainlog/record/traits.hpp"
#include "trainlog/record/value.hpp"

namespace trainlog::detail {

/// The double that is printed as the float is: 0.1 of 0.1f.
inline double printed_double(float value) {
  if (!is_finite(value)) return static_cast<double>(value);
  std::string text;
  append_json_number(text, value);
  double result = 0;
  static_cast<void>(parse_float_text(text, result));  // it is finite
  return result;
}

template <class Json, class T>
void field_to_json(Json& json, T const& field);

/// The double nearest to a T's seconds, which is text; towards zero where the nearest is none that
/// a T is read from: durations end between two doubles.
template <class T>
double rounded_seconds(std::string_view text) {
  double seconds = 0;
  static_cast<void>(parse_float_text(text, seconds));  // it is finite
  T read{};
  if (detail::assign_scalar(read, real_scalar(seconds))) return seconds;
  return std::bit_cast<double>(std::bit_cast<std::uint64_t>(seconds) - 1);
}

template <class Json, class T>
void time_to_json(Json& json, T field) {
  if (!detail::all_finite(field)) {
    if constexpr (is_float_like<T>()) json = static_cast<double>(detail::float_in(field));
    return;
  }
  std::string text;
  if (detail::append_time_value(text, field)) json = std::move(text);
  else json = detail::rounded_seconds<T>(text);
}

template <class Json, class T>
void record_to_json(Json& json, T const& record) {
  json = Json::object();
  bool finite = true;
  detail::for_each_indexed(record, [&]<class Field>(std::size_t i, Field const& field) {
    auto const name = json_keys<T>::names[i];
    if (name.empty()) return;
    finite = finite && detail::all_finite(field);
    detail::field_to_json(json[std::string(name)], field);
  });
  if (finite) return;
  std::string marks;
  detail::append_record_marks(marks, record);
  json[std::string(nonfinite_key)] = Json::parse(marks);
}

template <class Json, class T>
void field_to_json(Json& json, T const& field) {
  if constexpr (std::is_same_v<T, float>) {
    json = printed_double(field);
  } else if constexpr (scalar<T> && !described_enum<T>) {
    json = as_number(field);
  } else if constexpr (text<T>) {
    json = valid_utf8(field);
  } else if constexpr (described_enum<T>) {
    auto const name = trainlog::enum_name(field);
    if (name.empty()) json = static_cast<enum_number<T>>(field);
    else json = std::string(name);
  } else if constexpr (duration<T> || time_point<T>) {
    detail::time_to_json(json, field);
  } else if constexpr (optional<T>) {
    require_one_null<T>();
    if (field) detail::field_to_json(json, *field);
    else json = nullptr;
  } else if constexpr (list<T> || fixed_array<T>) {
    json = Json::array();
    for (auto const& element : field) {
      detail::field_to_json<Json, typename T::value_type>(json.emplace_back(nullptr), element);
    }
  } else if constexpr (string_map<T>) {
    detail::require_distinct_keys(field);
    json = Json::object();
    for (auto const& [key, mapped] : field) detail::field_to_json(json[valid_utf8(key)], mapped);
  } else {
    detail::record_to_json(json, field);
  }
}

/// The scalar of a node that is neither an object nor an array.
template <class Json>
text_scalar scalar_of(Json const& json) {
  switch (json.type()) {
    case Json::value_t::boolean:
      return boolean_scalar(json.template get<bool>());
    case Json::value_t::number_integer:
      return integer_scalar(json.template get<std::int64_t>());
    case Json::value_t::number_unsigned:
      return integer_scalar(json.template get<std::uint64_t>());
    case Json::value_t::number_float:
      return real_scalar(json.template get<double>());
    case Json::value_t::string:
      return string_scalar(json.template get_ref<typename Json::string_t const&>());
    default:
      return {};
  }
}

/// Gives a node to the decoder, which limits the depth; unknown parts are not visited.
template <class Json>
bool walk(Json const& json, text_decoder& decoder) {
  if (json.is_array()) {
    if (!decoder.open_array()) return false;
    for (auto const& element : json) {
      if (!walk(element, decoder)) return false;
    }
    return decoder.close();
  }
  if (!json.is_object()) {
    return json.is_binary() ? decoder.fail_here("JSON", "binary") : decoder.scalar(scalar_of(json));
  }
  if (!decoder.open_object()) return false;
  for (auto entry = json.begin(); entry != json.end(); ++entry) {
    if (!decoder.key(entry.key())) return false;
    if (decoder.is_unknown()) decoder.skip_value();
    else if (!walk(entry.value(), decoder)) return false;
  }
  return decoder.close();
}

template <class Json, class T>
void record_from_json(Json const& json, T& record) {
  text_decoder decoder(text_type_of<T>, &record, {});
  if (walk(json, decoder)) return;
  auto const& failure = decoder.failure();
  if (failure.invalid) throw validation_error(failure.found + " at " + failure.path);
  throw decode_error(failure.path, {npos, 0, 0}, failure.expected, failure.found);
}

/// How deep lists and dictionaries may stand in each other.
inline constexpr std::size_t deepest_value = 256;

template <class Json>
void dict_to_json(Json& json, dict const& entries, std::size_t depth = 0);

template <class Json>
void value_to_json(Json& json, value const& any, std::size_t depth = 0) {
  if (depth > deepest_value) throw error("trainlog: a value is too deep for JSON");
  std::visit(
      [&]<class T>(T const& held) {
        if constexpr (std::is_same_v<T, std::monostate>) json = nullptr;
        else if constexpr (std::is_same_v<T, dict>) detail::dict_to_json(json, held, depth);
        else if constexpr (std::is_same_v<T, value_list>) {
          json = Json::array();
          for (auto const& element : held)
            detail::value_to_json(json.emplace_back(nullptr), element, depth + 1);
        } else detail::field_to_json(json, held);
      },
      any.data());
}

template <class Json>
void dict_to_json(Json& json, dict const& entries, std::size_t depth) {
  detail::require_distinct_keys(entries);
  json = Json::object();
  for (auto const& [key, held] : entries)
    detail::value_to_json(json[valid_utf8(key)], held, depth + 1);
}

/// What an adl_serializer does. If making throws, nlohmann_json does not free what is in `json`:
/// its constructor was not done.
template <class Json, class Make>
void make_json(Json& json, Make const& make) {
  Json made;
  make(made);
  json = std::move(made);
}

[[noreturn]] inline void refuse_node(std::string expected, std::string found) {
  throw decode_error("$", {npos, 0, 0}, std::move(expected), std::move(found));
}

template <class Json>
value json_to_value(Json const& json, std::size_t depth = 0) {
  if (depth > deepest_value) refuse_node("less depth", "a value too deep");
  switch (json.type()) {
    case Json::value_t::boolean:
      return json.template get<bool>();
    case Json::value_t::number_integer:
      return json.template get<std::int64_t>();
    case Json::value_t::number_unsigned:
      return json.template get<std::uint64_t>();
    case Json::value_t::number_float:
      return json.template get<double>();
    case Json::value_t::string:
      return std::string(json.template get_ref<typename Json::string_t const&>());
    case Json::value_t::array: {
      value_list list;
      for (auto const& element : json) list.push_back(json_to_value(element, depth + 1));
      return list;
    }
    case Json::value_t::object: {
      std::vector<dict::entry> entries;
      entries.reserve(json.size());
      for (auto entry = json.begin(); entry != json.end(); ++entry)
        entries.emplace_back(entry.key(), json_to_value(entry.value(), depth + 1));
      return dict::from_entries(std::move(entries));
    }
    case Json::value_t::null:
      return {};
    default:
      refuse_node("JSON", json.is_binary() ? "binary" : "a discarded value");
  }
}

}  // namespace trainlog::detail

namespace trainlog {

/// False for a record that the bridge leaves to the program's own to_json and from_json, which
/// nlohmann_json finds as for any type. Specialise it before the first conversion:
/// `template <> inline constexpr bool trainlog::bridges_to_json<Row> = false;`. Inside of other
/// records the record keeps trainlog's form.
template <record T>
inline constexpr bool bridges_to_json = true;

}  // namespace trainlog

/// Every record converts to and from nlohmann::json, alone, nested and in containers:
/// `nlohmann::json j = log; auto back = j.get<TrainingLog>();`. The rules are those of to_json and
/// from_json, with two differences: a number that is not finite stands in the DOM as it is, besides
/// being named in "_nonfinite", and durations are rounded to a double, the longest towards zero.
/// Reading throws trainlog::decode_error, without a position.
template <trainlog::record T>
  requires trainlog::bridges_to_json<T>
struct nlohmann::adl_serializer<T, void> {
  template <class Json>
  static void to_json(Json& json, T const& record) {
    if constexpr (trainlog::detail::require_serializer<T>())
      trainlog::detail::make_json(
          json, [&](Json& made) { trainlog::detail::record_to_json(made, record); });
  }
  template <class Json>
  static T from_json(Json const& json) {
    T record = trainlog::detail::access::blank<T>();
    if constexpr (trainlog::detail::require_serializer<T>())
      trainlog::detail::record_from_json(json, record);
    return record;
  }
  template <class Json>
  static void from_json(Json const& json, T& record) {
    record = from_json(json);
  }
};

/// Untyped values, as asdict returns them.
template <>
struct nlohmann::adl_serializer<trainlog::value, void> {
  template <class Json>
  static void to_json(Json& json, trainlog::value const& any) {
    trainlog::detail::make_json(json,
                                [&](Json& made) { trainlog::detail::value_to_json(made, any); });
  }
  template <class Json>
  static void from_json(Json const& json, trainlog::value& any) {
    any = trainlog::detail::json_to_value(json);
  }
};

template <>
struct nlohmann::adl_serializer<trainlog::dict, void> {
  template <class Json>
  static void to_json(Json& json, trainlog::dict const& entries) {
    trainlog::detail::make_json(json,
                                [&](Json& made) { trainlog::detail::dict_to_json(made, entries); });
  }
  template <class Json>
  static void from_json(Json const& json, trainlog::dict& entries) {
    entries = trainlog::detail::json_to_value(json).template as<trainlog::dict>();
  }
};

#endif
