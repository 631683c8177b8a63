// SPDX-License-Identifier: MIT
// Any bytes as CSV: an error, or records that are written and read back identical.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <trainlog/csv.hpp>

#include "../codec/records.hpp"

namespace {

void check(bool good) {
  if (!good) std::abort();
}

template <class T>
void check_round_trip(std::string_view text, trainlog::decode_options options) {
  std::vector<T> rows;
  try {
    rows = trainlog::from_csv<T>(text, options);
  } catch (trainlog::decode_error const& problem) {
    check(problem.offset() <= text.size() && problem.line() != 0 && problem.column() != 0);
    check(problem.path()[0] == '$' && !problem.expected().empty() && !problem.found().empty());
    return;
  }
  auto const back = trainlog::from_csv<T>(trainlog::to_csv(rows));
  check(back.size() == rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) check(trainlog::identical(rows[i], back[i]));
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name libFuzzer calls
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const text(reinterpret_cast<char const*>(data), size);
  check_round_trip<text_test::Everything>(text, {});
  check_round_trip<text_test::Point>(
      text, {trainlog::unknown_fields::error, trainlog::missing_fields::error});
  return 0;
}
