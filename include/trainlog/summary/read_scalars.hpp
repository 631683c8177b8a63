// SPDX-License-Identifier: MIT
// Scalars of a run as columns, all of them, at full resolution (docs/reference/events.md).
#ifndef TRAINLOG_SUMMARY_READ_SCALARS_HPP
#define TRAINLOG_SUMMARY_READ_SCALARS_HPP

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "trainlog/detail/name_list.hpp"
#include "trainlog/summary/event_reader.hpp"
#include "trainlog/summary/event_report.hpp"
#include "trainlog/summary/options.hpp"
#include "trainlog/summary/read_tags.hpp"

namespace trainlog::summary {

/// What becomes of points that a training has left behind that was taken up again at an earlier
/// step.
enum class restart_rule : unsigned char {
  /// All that is in the files, in their order.
  keep_all,
  /// As TensorBoard's loader in Python (--load_fast=false): a session that starts at a step, but
  /// for the first, drops all points from that step on, of all tags. In files without a version,
  /// an event whose step is lower than that of the one before drops those of its own tags.
  session_start,
  /// As TensorBoard's fast loader, the default: a point drops those of its tag that have its step
  /// or a higher one, so that steps only grow.
  step_back,
};

struct read_scalars_options {
  restart_rule restarts = restart_rule::keep_all;
  event_report* report = nullptr;  ///< gets what is damaged
};

/// The points of a curve: element i of each is of the same event.
struct scalar_columns {
  std::vector<std::int64_t> steps;
  std::vector<double> wall_times;  ///< seconds since 1970
  std::vector<double> values;      ///< float32 as stored; float64 is not rounded

  std::size_t size() const noexcept { return steps.size(); }
};

}  // namespace trainlog::summary

namespace trainlog::detail {

/// The points of a tag.
struct scalar_curve {
  std::string tag;
  summary::scalar_columns points;
  bool is_known = false;   ///< whether it is a scalar
  bool is_scalar = false;  ///< if that is known

  void add(summary::event const& event, double value) {
    points.steps.push_back(event.step);
    points.wall_times.push_back(event.wall_time);
    points.values.push_back(value);
  }

  /// Drops all points of that step and of higher ones.
  void drop_from(std::int64_t step) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i != points.size(); ++i) {
      if (points.steps[i] >= step) continue;
      points.steps[kept] = points.steps[i];
      points.wall_times[kept] = points.wall_times[i];
      points.values[kept++] = points.values[i];
    }
    resize(kept);
  }

  /// The same, if steps grow.
  void drop_last_from(std::int64_t step) {
    std::size_t kept = points.size();
    while (kept != 0 && points.steps[kept - 1] >= step) --kept;
    resize(kept);
  }

 private:
  void resize(std::size_t size) {
    points.steps.resize(size);
    points.wall_times.resize(size);
    points.values.resize(size);
  }
};

/// Collects the points of events.
class scalar_collector {
 public:
  /// Of the tag that is `only`, whatever its plugin; if that is null, of all scalars.
  scalar_collector(summary::restart_rule rule, std::string const* only) : rule_(rule), only_(only) {
    if (only_ != nullptr) curves_.of(*only_);
  }

  void add(summary::event const& event) {
    if (rule_ == summary::restart_rule::session_start) apply_session(event);
    if (event.kind != summary::event_kind::summary) return;
    for (auto const& value : event.values()) {
      if (only_ != nullptr && value.tag != *only_) continue;
      auto& curve = only_ != nullptr ? curves_.entries().front() : curves_.of(value.tag);
      if (only_ == nullptr && !is_scalar(curve, value)) continue;
      if (rule_ == summary::restart_rule::step_back) curve.drop_last_from(event.step);
      if (rule_ == summary::restart_rule::session_start && is_older_) curve.drop_from(event.step);
      if (auto const number = value.scalar()) curve.add(event, *number);
    }
  }

  std::map<std::string, summary::scalar_columns> take() {
    std::map<std::string, summary::scalar_columns> all;
    for (auto& each : curves_.entries()) {
      bool const wanted = only_ != nullptr ? each.points.size() != 0 : each.is_scalar;
      if (wanted) all.emplace(std::move(each.tag), std::move(each.points));
    }
    return all;
  }

 private:
  /// True also if it is not known yet: the metadata may stand with a later value.
  static bool is_scalar(scalar_curve& curve, summary::event_value const& value) {
    if (!curve.is_known) {
      std::string_view plugin = value.metadata.plugin_name;
      if (plugin.empty()) plugin = plugin_of(value.kind);
      curve.is_known = !plugin.empty();
      curve.is_scalar = plugin == "scalars";
    }
    return curve.is_scalar || !curve.is_known;
  }

  void apply_session(summary::event const& event) {
    if (event.kind == summary::event_kind::file_version) has_sessions_ = is_modern(event.content);
    bool const starts =
        has_sessions_ && event.session().status == summary::session_log_status::start;
    if (starts && std::exchange(has_started_, true)) {
      for (auto& each : curves_.entries()) each.drop_from(event.step);
    }
    if (event.kind != summary::event_kind::summary) return;
    is_older_ = !has_sessions_ && event.step < most_recent_step_;
    most_recent_step_ = event.step;
  }

  /// Of "brain.Event:2" and later versions.
  static bool is_modern(std::string_view version) noexcept {
    auto const colon = version.rfind(':');
    if (colon == version.npos) return false;
    std::string_view const number = version.substr(colon + 1);
    return !number.empty() && (number.size() > 1 ? number[0] != '0' : number[0] >= '2');
  }

  summary::restart_rule rule_;
  std::string const* only_;
  tag_table<scalar_curve> curves_;
  bool has_sessions_ = false;
  bool has_started_ = false;
  bool is_older_ = false;  // the event's step is lower than that of the one before
  std::int64_t most_recent_step_ = -1;
};

inline std::map<std::string, summary::scalar_columns> collect_scalars(
    std::string const& path, std::string const* only,
    summary::read_scalars_options const& options) {
  summary::event_reader reader(path);
  scalar_collector collector(options.restarts, only);
  for (auto const& event : reader) collector.add(event);
  if (options.report != nullptr) *options.report = reader.report();
  return collector.take();
}

/// "; there are 'loss', 'rate'"
inline std::string other_tags(std::string const& path) {
  name_list tags("; there are ");
  for (auto const& each : summary::read_tags(path)) tags.add(each.tag);
  return tags.empty() ? "; there is no tag" : tags.text();
}

}  // namespace trainlog::detail

namespace trainlog::summary {

/// All scalars in an event file, or in those of a directory, by tag: the values of simple_value,
/// and the tensors with one number of any type of the plugin "scalars". Throws io_error.
inline std::map<std::string, scalar_columns> read_scalars(
    std::string const& path, read_scalars_options const& options = {}) {
  return detail::collect_scalars(path, nullptr, options);
}

/// One of them; also tensors with one number of other plugins. Throws io_error; summary_error if
/// there is no such tag, or none of its values is one number.
inline scalar_columns read_scalar(std::string const& path, std::string const& tag,
                                  read_scalars_options const& options = {}) {
  auto found = detail::collect_scalars(path, &tag, options);
  if (!found.empty()) return std::move(found.begin()->second);
  throw summary_error("trainlog: there is no scalar '" + tag + "' in '" +
                      detail::printable_path(path) + "'" + detail::other_tags(path));
}

}  // namespace trainlog::summary

#endif
