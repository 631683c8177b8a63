// SPDX-License-Identifier: MIT
// Any bytes as a nlohmann::json, from its text and from CBOR: an error, or a record that comes back
// identical from the text of its own nlohmann::json.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>

#include <trainlog/json.hpp>

#include "../codec/records.hpp"

namespace {

using nlohmann::json;

void check(bool good) {
  if (!good) std::abort();
}

/// Its own nlohmann::json through a text, which keeps no NaN's bits, and no bytes that are not
/// UTF-8.
template <class T>
json through_text(T const& any) {
  return json::parse(json(any).dump());
}

/// CBOR may have keys that are the same in UTF-8, which the bridge refuses to write.
template <class T>
std::optional<json> written(json const& dom) {
  try {
    return through_text(dom.get<T>());
  } catch (trainlog::decode_error const& problem) {
    check(problem.path()[0] == '$' && !problem.expected().empty() && !problem.found().empty());
    return {};
  } catch (trainlog::error const&) {
    return {};
  }
}

template <class T>
void check_record(json const& dom) {
  std::optional<json> const made = written<T>(dom);
  if (!made) return;
  auto const record = made->get<T>();
  json const again = through_text(record);
  check(trainlog::identical(again.get<T>(), record));
}

void check_dom(json const& dom) {
  if (dom.is_discarded()) return;
  check_record<text_test::Everything>(dom);
  check_record<text_test::Entry>(dom);
  auto const value = written<trainlog::value>(dom);
  check(!value || through_text(value->get<trainlog::value>()) == *value);
}

json from_cbor(std::string_view bytes) {
  try {
    return json::from_cbor(bytes, true, false);
  } catch (json::exception const&) {  // an array that is too large is thrown all the same
    json none(json::value_t::discarded);
    return none;
  }
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name libFuzzer calls
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const bytes(reinterpret_cast<char const*>(data), size);
  check_dom(json::parse(bytes, nullptr, false));
  check_dom(from_cbor(bytes));
  return 0;
}
