// SPDX-License-Identifier: MIT
// summary::text: markdown, a list or a table of it (docs/reference/summary.md).
#ifndef TRAINLOG_SUMMARY_TEXT_HPP
#define TRAINLOG_SUMMARY_TEXT_HPP

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "trainlog/detail/utf8.hpp"
#include "trainlog/summary/context.hpp"
#include "trainlog/summary/event.hpp"
#include "trainlog/summary/options.hpp"
#include "trainlog/summary/shape.hpp"
#include "trainlog/summary/writer.hpp"

namespace trainlog::detail {

template <class T>
concept text_like = std::convertible_to<T const&, std::string_view>;
template <class T>
concept text_list = !text_like<T> && requires(T const& list) {
  std::end(list);
  requires text_like<std::remove_cvref_t<decltype(*std::begin(list))>>;
};
template <class T>
concept text_table = !text_like<T> && requires(T const& table) {
  std::end(table);
  requires text_list<std::remove_cvref_t<decltype(*std::begin(table))>>;
};

/// Texts with the shape of a tensor, as valid UTF-8.
struct text_block {
  summary::shape shape;
  std::vector<std::string> texts;

  void add(std::string_view text) { append_utf8_sanitized(texts.emplace_back(), text); }
};

template <text_like Text>
text_block make_text_block(Text const& text) {
  text_block block;
  block.add(text);
  return block;
}

template <text_list List>
text_block make_text_block(List const& list) {
  text_block block;
  for (auto const& each : list) block.add(each);
  block.shape = {static_cast<std::int64_t>(block.texts.size())};
  return block;
}

/// Rows that are shorter than the longest are filled up with empty cells.
template <text_table Table>
text_block make_text_block(Table const& table) {
  text_block block;
  std::size_t rows = 0;
  std::size_t columns = 0;
  for (auto const& row : table) {
    std::size_t cells = 0;
    for ([[maybe_unused]] auto const& cell : row) ++cells;
    columns = std::max(columns, cells);
  }
  for (auto const& row : table) {
    for (auto const& cell : row) block.add(cell);
    block.texts.resize(++rows * columns);
  }
  block.shape = {static_cast<std::int64_t>(rows), static_cast<std::int64_t>(columns)};
  return block;
}

template <class Value>
bool write_text(writer_core* to, std::string_view name, Value&& value, summary::event_step step,
                summary::op_options const& options) {
  if (to == nullptr) return false;
  auto const head = make_head(name, step, options.wall_time);
  text_block const block = detail::make_text_block(detail::evaluate(value));
  summary::summary_metadata const metadata{.plugin_name = "text",
                                           .data_class = summary::data_class::tensor,
                                           .display_name = options.display_name,
                                           .description = options.description};
  return to->write_value(head, make_tag(name), metadata, [&](std::string& out) {
    append_string_tensor(out, block.shape.sizes(), block.texts);
  });
}

}  // namespace trainlog::detail

namespace trainlog::summary {

/// A text, a range of texts, a range of such ranges, or a callable that returns one and is called
/// only if something records.
template <class T>
concept text_value =
    detail::text_like<detail::evaluated<T>> || detail::text_list<detail::evaluated<T>> ||
    detail::text_table<detail::evaluated<T>>;

/// Writes markdown: TensorBoard shows a list as a table of one column, and a range of ranges as a
/// table of rows. Bytes that are no UTF-8 become U+FFFD. Returns and throws as scalar does.
template <text_value Value>
bool text(writer const& to, std::string_view name, Value&& value, event_step step = {},
          op_options const& options = {}) {
  return detail::write_text(detail::recording(to.core()), name, value, step, options);
}

/// The same, to this thread's default writer.
template <text_value Value>
bool text(std::string_view name, Value&& value, event_step step = {},
          op_options const& options = {}) {
  return detail::write_text(detail::recording(detail::this_thread_summary.writer), name, value,
                            step, options);
}

}  // namespace trainlog::summary

#endif
