// SPDX-License-Identifier: MIT
// How many numbers of a value were NaN or infinite, as a curve of its own beside it.
#ifndef TRAINLOG_SUMMARY_NON_FINITE_HPP
#define TRAINLOG_SUMMARY_NON_FINITE_HPP

#include <cstddef>
#include <string>
#include <string_view>

#include "trainlog/summary/context.hpp"
#include "trainlog/summary/event.hpp"
#include "trainlog/summary/value_writer.hpp"

namespace trainlog::detail {

/// Adds the scalar "NAME/non_finite" to an event, unless the count is 0.
inline void add_non_finite(value_writer& to, std::string_view name, std::size_t count) {
  if (count == 0) return;
  std::string const tag = std::string(name) + "/non_finite";
  to.add(make_tag(tag), {},
         [&](std::string& out) { append_simple_value(out, static_cast<float>(count)); });
}

}  // namespace trainlog::detail

#endif
