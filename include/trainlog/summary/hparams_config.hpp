// SPDX-License-Identifier: MIT
// summary::hparams_config: what an experiment of many runs varies and measures
// (docs/reference/summary.md; tensorboard/plugins/hparams/api.proto).
#ifndef TRAINLOG_SUMMARY_HPARAMS_CONFIG_HPP
#define TRAINLOG_SUMMARY_HPARAMS_CONFIG_HPP

#include <algorithm>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "trainlog/summary/hparams.hpp"
#include "trainlog/summary/options.hpp"
#include "trainlog/summary/wall_time.hpp"

namespace trainlog::summary {

/// The numbers from min to max.
struct hparam_interval {
  double min = 0.0;
  double max = 0.0;
};

/// A hyperparameter of an experiment.
struct hparam_info {
  std::string name;
  /// Any value, numbers of an interval, or one of a list of values.
  std::variant<std::monostate, hparam_interval, std::vector<hparam_value>> domain{};
  std::string display_name{};
  std::string description{};
};

/// On what a metric is measured.
enum class metric_dataset : unsigned char { unknown = 0, training = 1, validation = 2 };

/// A metric of an experiment: a scalar that its runs write.
struct metric_info {
  std::string tag;
  std::string group{};  ///< the directory of its events below that of the run, if it is not the run
  std::string display_name{};
  std::string description{};
  metric_dataset dataset = metric_dataset::unknown;
};

struct experiment {
  std::vector<hparam_info> hparams{};
  std::vector<metric_info> metrics{};
  std::string description{};
  std::string user{};
};

}  // namespace trainlog::summary

namespace trainlog::detail {

/// api.proto's DataType of values: unset, string, bool or float64.
inline std::uint64_t hparam_type(std::vector<summary::hparam_value> const& values) noexcept {
  auto const all = [&](std::size_t kind) {
    return std::all_of(values.begin(), values.end(),
                       [&](auto const& each) { return each.get().index() == kind; });
  };
  if (values.empty()) return 0;
  if (all(1)) return 2;
  return all(2) ? 3 : 1;
}

inline void append_hparam_domain(std::string& out, summary::hparam_info const& info) {
  if (auto const* const interval = std::get_if<summary::hparam_interval>(&info.domain)) {
    append_proto_varint(out, 4, 3);
    append_proto_message(out, 6, [&] {
      append_proto_double(out, 1, interval->min);
      append_proto_double(out, 2, interval->max);
    });
  } else if (auto const* const list =
                 std::get_if<std::vector<summary::hparam_value>>(&info.domain)) {
    append_proto_varint(out, 4, hparam_type(*list));
    append_proto_message(out, 5, [&] {
      for (auto const& value : *list) {
        append_proto_message(out, 1, [&] { append_hparam_value(out, value); });
      }
    });
  }
}

inline void append_hparam_info(std::string& out, summary::hparam_info const& info) {
  append_proto_text(out, 1, info.name);
  if (!info.display_name.empty()) append_proto_text(out, 2, info.display_name);
  if (!info.description.empty()) append_proto_text(out, 3, info.description);
  append_hparam_domain(out, info);
}

inline void append_metric_info(std::string& out, summary::metric_info const& info) {
  append_proto_message(out, 1, [&] {
    if (!info.group.empty()) append_proto_text(out, 1, info.group);
    append_proto_text(out, 2, info.tag);
  });
  if (!info.display_name.empty()) append_proto_text(out, 3, info.display_name);
  if (!info.description.empty()) append_proto_text(out, 4, info.description);
  if (info.dataset != summary::metric_dataset::unknown)
    append_proto_varint(out, 5, static_cast<std::uint64_t>(info.dataset));
}

inline bool write_experiment(writer_core* to, summary::experiment const& experiment,
                             summary::event_options const& options) {
  double const time = wall_time_or_now(options.wall_time);
  return write_hparams_data(to, "_hparams_/experiment", 2, time, [&](std::string& out) {
    if (!experiment.description.empty()) append_proto_text(out, 1, experiment.description);
    if (!experiment.user.empty()) append_proto_text(out, 2, experiment.user);
    append_proto_double(out, 3, time);
    for (auto const& each : experiment.hparams) {
      append_proto_message(out, 4, [&] { append_hparam_info(out, each); });
    }
    for (auto const& each : experiment.metrics) {
      append_proto_message(out, 5, [&] { append_metric_info(out, each); });
    }
  });
}

}  // namespace trainlog::detail

namespace trainlog::summary {

/// Writes what an experiment varies and measures. To be written once, into the directory above
/// those of the runs, or not at all: TensorBoard finds hyperparameters and metrics by itself, but
/// where one file has an experiment, it shows no others than that names. Returns as scalar does.
inline bool hparams_config(writer const& to, experiment const& experiment,
                           event_options const& options = {}) {
  return detail::write_experiment(detail::recording(to.core()), experiment, options);
}
inline bool hparams_config(experiment const& experiment, event_options const& options = {}) {
  return detail::write_experiment(detail::recording(detail::this_thread_summary.writer), experiment,
                                  options);
}

}  // namespace trainlog::summary

#endif
