// SPDX-License-Identifier: MIT
// What the text formats cannot hold: an optional in an optional, since there is one null.
#ifndef TRAINLOG_CODEC_ONE_NULL_HPP
#define TRAINLOG_CODEC_ONE_NULL_HPP

#include "trainlog/record/traits.hpp"

namespace trainlog::detail {

/// A compile error for an optional that may hold an empty one. The same function for all readers
/// and writers, so that a compiler says it once.
template <optional T>
constexpr void require_one_null() noexcept {
  static_assert(!optional<typename T::value_type>,
                "trainlog: a std::optional in a std::optional is nothing that JSON and CSV can "
                "hold: they have one null. Snapshots can: use save_binary and load_binary");
}

}  // namespace trainlog::detail

#endif
