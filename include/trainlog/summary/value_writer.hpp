// SPDX-License-Identifier: MIT
// The values of one event, each with its tag, and with metadata if the tag has had none.
#ifndef TRAINLOG_SUMMARY_VALUE_WRITER_HPP
#define TRAINLOG_SUMMARY_VALUE_WRITER_HPP

#include <cstddef>
#include <string>
#include <unordered_set>

#include "trainlog/summary/event.hpp"
#include "trainlog/summary/scalar_head.hpp"

namespace trainlog::detail {

/// The tags that have their metadata in a file.
class described_tags {
 public:
  /// True if it was not among them.
  bool add(summary_tag tag) {
    tag_.assign(tag.scope).append(tag.name);
    if (tags_.contains(tag_)) return false;
    tags_.insert(tag_);
    return true;
  }
  void clear() noexcept { tags_.clear(); }

 private:
  std::unordered_set<std::string> tags_;
  std::string tag_;
};

/// Appends values to a Summary.
class value_writer {
 public:
  /// `scope` is memory to build names in.
  value_writer(std::string& summary, described_tags& described, std::string& scope) noexcept
      : summary_(summary), described_(described), scope_(scope) {}
  value_writer(value_writer const&) = delete;
  value_writer& operator=(value_writer const&) = delete;

  /// Appends a value, of which `append_content(std::string&)` appends the number or tensor, of
  /// `about` so many bytes.
  template <class AppendContent>
  void add(summary_tag tag, summary::summary_metadata const& metadata,
           AppendContent const& append_content, std::size_t about = 0) {
    bool const describes = !metadata.is_empty() && described_.add(tag);
    append_summary_value(
        summary_, tag,
        [&] {
          append_content(summary_);
          if (describes) append_summary_metadata(summary_, metadata);
        },
        about);
  }

  void add_number(summary_tag tag, summary::summary_metadata const& metadata, float number) {
    if (metadata.is_empty()) return append_scalar_value(summary_, tag, number);
    add(tag, metadata, [&](std::string& out) { append_simple_value(out, number); });
  }

  void add_number(scalar_head const& head, float number) { head.append(summary_, number); }

  /// What a record's values put before the names.
  std::string& scope() noexcept { return scope_; }

 private:
  std::string& summary_;
  described_tags& described_;
  std::string& scope_;
};

}  // namespace trainlog::detail

#endif
