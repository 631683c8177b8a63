// SPDX-License-Identifier: MIT
// Any bytes as JSON and JSON Lines: an error, or records that are written and read back identical.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include <trainlog/json.hpp>

#include "../codec/records.hpp"

namespace {

using text_test::Everything;

bool same(std::vector<Everything> const& a, std::vector<Everything> const& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!trainlog::identical(a[i], b[i])) return false;
  }
  return true;
}

void check(bool good) {
  if (!good) std::abort();
}

/// Decodes with `decode`; an error must say where in the text it is.
template <class Decode>
std::vector<Everything> decoded(std::string_view text, Decode decode) {
  try {
    return decode(text);
  } catch (trainlog::decode_error const& problem) {
    check(problem.offset() <= text.size() && problem.line() != 0 && problem.column() != 0);
    check(problem.path()[0] == '$' && !problem.expected().empty() && !problem.found().empty());
    return {};
  }
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name libFuzzer calls
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const text(reinterpret_cast<char const*>(data), size);
  auto const one = decoded(
      text, [](std::string_view in) { return std::vector{trainlog::from_json<Everything>(in)}; });
  auto const rows = decoded(
      text, [](std::string_view in) { return trainlog::from_json<std::vector<Everything>>(in); });
  auto const lines = decoded(text, [](std::string_view in) {
    return trainlog::from_jsonl<Everything>(
        in, {trainlog::unknown_fields::error, trainlog::missing_fields::use_default});
  });
  for (auto const& records : {one, rows, lines}) {
    check(same(trainlog::from_jsonl<Everything>(trainlog::to_jsonl(records)), records));
    auto const literal = trainlog::to_json(records, {trainlog::nonfinite_as::literal});
    check(same(trainlog::from_json<std::vector<Everything>>(literal), records));
  }
  return 0;
}
