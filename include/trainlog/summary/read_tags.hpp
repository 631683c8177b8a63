// SPDX-License-Identifier: MIT
// The tags of a run, and what is known of them (docs/reference/events.md).
#ifndef TRAINLOG_SUMMARY_READ_TAGS_HPP
#define TRAINLOG_SUMMARY_READ_TAGS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "trainlog/summary/event.hpp"
#include "trainlog/summary/event_reader.hpp"
#include "trainlog/summary/event_report.hpp"

namespace trainlog::summary {

/// A tag of a run. Of metadata the first that its values have count, as in TensorBoard.
struct tag_info {
  std::string tag;
  std::string plugin_name;     ///< "scalars", "histograms", "images", ...
  std::string plugin_content;  ///< the plugin's own, mostly an encoded message
  summary::data_class data_class = summary::data_class::unknown;
  std::string display_name;
  std::string description;
  std::uint64_t count = 0;  ///< how many values there are
  std::int64_t first_step = 0;
  std::int64_t last_step = 0;
};

}  // namespace trainlog::summary

namespace trainlog::detail {

/// The plugin that shows values of that kind which do not say it themselves.
inline std::string_view plugin_of(summary::value_kind kind) noexcept {
  using enum summary::value_kind;
  switch (kind) {
    case simple_value:
      return "scalars";
    case histogram:
      return "histograms";
    case image:
      return "images";
    case audio:
      return "audio";
    case tensor:
    case none:
      break;
  }
  return {};
}

/// Things that belong to tags, found by their tag; an Entry has a member `tag`.
template <class Entry>
class tag_table {
 public:
  /// The thing of that tag, which is made if there is none. Events of a run have the same tags
  /// again and again, in the same order: what came next the last time is tried first.
  Entry& of(std::string_view tag) {
    if (last_ < entries_.size()) {
      std::size_t const guess = following_[last_];
      if (entries_[guess].tag == tag) return entries_[last_ = guess];
    }
    std::size_t const found = find(tag);
    if (last_ < entries_.size()) following_[last_] = found;
    return entries_[last_ = found];
  }

  std::vector<Entry>& entries() noexcept { return entries_; }

 private:
  struct hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>{}(text);
    }
  };

  std::size_t find(std::string_view tag) {
    auto const known = places_.find(tag);
    if (known != places_.end()) return known->second;
    std::size_t const place = entries_.size();
    entries_.emplace_back().tag = tag;
    following_.push_back(place);
    places_.emplace(tag, place);
    return place;
  }

  std::vector<Entry> entries_;
  std::vector<std::size_t> following_;
  std::unordered_map<std::string, std::size_t, hash, std::equal_to<>> places_;
  std::size_t last_ = static_cast<std::size_t>(-1);
};

inline void add_to_tag(summary::tag_info& out, summary::event_value const& value,
                       std::int64_t step) {
  if (out.count++ == 0) out.first_step = step;
  out.last_step = step;
  if (!out.plugin_name.empty()) return;
  auto const& metadata = value.metadata;
  out.plugin_name = metadata.plugin_name;
  if (out.plugin_name.empty()) out.plugin_name = plugin_of(value.kind);
  out.plugin_content = metadata.content;
  out.data_class = metadata.data_class;
  out.display_name = metadata.display_name;
  out.description = metadata.description;
}

}  // namespace trainlog::detail

namespace trainlog::summary {

/// The tags in an event file, or in those of a directory, sorted. `report`, if given, gets what is
/// damaged. Throws io_error.
inline std::vector<tag_info> read_tags(std::string const& path, event_report* report = nullptr) {
  event_reader reader(path);
  detail::tag_table<tag_info> tags;
  for (auto const& event : reader) {
    for (auto const& value : event.values())
      detail::add_to_tag(tags.of(value.tag), value, event.step);
  }
  if (report != nullptr) *report = reader.report();
  auto& all = tags.entries();
  std::sort(all.begin(), all.end(), [](auto const& a, auto const& b) { return a.tag < b.tag; });
  return std::move(all);
}

}  // namespace trainlog::summary

#endif
