// SPDX-License-Identifier: MIT
// Ranges of records: what the codecs write as rows.
#ifndef TRAINLOG_CODEC_RECORD_RANGE_HPP
#define TRAINLOG_CODEC_RECORD_RANGE_HPP

#include <iterator>
#include <type_traits>
#include <utility>

#include "trainlog/detail/error.hpp"
#include "trainlog/record/descriptor.hpp"
#include "trainlog/record/traits.hpp"

namespace trainlog {
namespace detail {

/// The functions that a range-based for loop asks for: members, or found by the argument's type.
namespace range_access {
using std::begin;
using std::end;
template <class Range>
auto first(Range& range) -> decltype(begin(range));
template <class Range>
auto last(Range& range) -> decltype(end(range));
}  // namespace range_access

template <class Range>
using range_value = std::remove_cvref_t<decltype(*range_access::first(std::declval<Range&>()))>;

}  // namespace detail

/// Anything a range-based for loop takes that yields records.
template <class Range>
concept record_range = !record<std::remove_cvref_t<Range>> && requires(Range& range) {
  detail::range_access::first(range) != detail::range_access::last(range);
  requires record<detail::range_value<Range>>;
};

namespace detail {

/// What text and bytes are decoded into.
template <class T>
concept decodable = record<T> || (list<T> && record<typename T::value_type>);

/// What the codecs cannot write.
template <class T>
concept no_records = !record<std::remove_cvref_t<T>> && !record_range<T>;

/// One readable compile error, instead of a list of functions that do not match.
template <class T>
[[noreturn]] void refuse_type() {
  static_assert(always_false<T>,
                "trainlog: this type is no record: list its fields with TRAINLOG_RECORD or "
                "TRAINLOG_DESCRIBE. Several records are written from a range, and read into a "
                "std::vector, or from_jsonl and from_csv of the record's own type");
  throw error("trainlog: not a record");
}

}  // namespace detail
}  // namespace trainlog

#endif
