// SPDX-License-Identifier: MIT
// Ranges of records: what the codecs write as rows.
#ifndef TRAINLOG_CODEC_RECORD_RANGE_HPP
#define TRAINLOG_CODEC_RECORD_RANGE_HPP

#include <iterator>
#include <type_traits>
#include <utility>

#include "trainlog/record/descriptor.hpp"

namespace trainlog {
namespace detail {

template <class Range>
using range_value = std::remove_cvref_t<decltype(*std::begin(std::declval<Range&>()))>;

}  // namespace detail

/// Anything a range-based for loop takes that yields records.
template <class Range>
concept record_range = !record<std::remove_cvref_t<Range>> && requires(Range& range) {
  std::begin(range) != std::end(range);
  requires record<detail::range_value<Range>>;
};

}  // namespace trainlog

#endif
