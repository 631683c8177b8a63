// SPDX-License-Identifier: MIT
// What a thread's summary ops go by: its default writer and step, its name scopes, and whether they
// record.
#ifndef TRAINLOG_SUMMARY_CONTEXT_HPP
#define TRAINLOG_SUMMARY_CONTEXT_HPP

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "trainlog/detail/standard_integer.hpp"
#include "trainlog/summary/options.hpp"
#include "trainlog/summary/wall_time.hpp"
#include "trainlog/summary/writer_core.hpp"

namespace trainlog::detail {

/// A condition of record_if, its type forgotten.
struct recording_rule {
  bool (*allows)(recording_rule& self);
};

struct summary_context {
  writer_core* writer = nullptr;
  recording_rule* rule = nullptr;
  std::string_view scope;  ///< of names: "train/", or nothing
  std::int64_t step = 0;
  bool has_step = false;
  bool is_ending = false;  ///< the thread has ended but for what is destroyed with it
};

/// Without a destructor, so that objects that live longer than a thread's may still log. Visible,
/// so that shared libraries have one together.
[[gnu::visibility("default")]] inline constinit thread_local summary_context this_thread_summary{};

}  // namespace trainlog::detail

namespace trainlog::summary {

/// The step of an op: an integer of any type, but no bool or character; by default, what set_step
/// has set. Unsigned steps beyond int64 are its largest value.
class event_step {
 public:
  constexpr event_step() noexcept = default;
  template <detail::standard_integer Integer>
  constexpr event_step(Integer step) noexcept  // NOLINT(google-explicit-constructor)
      : step_(detail::clamp_to_int64(step)), is_given_(true) {}

  constexpr bool is_given() const noexcept { return is_given_; }
  constexpr std::int64_t value() const noexcept { return step_; }

 private:
  std::int64_t step_ = 0;
  bool is_given_ = false;
};

/// Sets the step of this thread's ops that are not given one.
inline void set_step(std::int64_t step) noexcept {
  detail::this_thread_summary.step = step;
  detail::this_thread_summary.has_step = true;
}

/// That step; nothing if none is set.
[[nodiscard]] inline std::optional<std::int64_t> get_step() noexcept {
  auto const& context = detail::this_thread_summary;
  return context.has_step ? std::optional(context.step) : std::nullopt;
}

/// While it lives, this thread's ops have "NAME/" before their names. Scopes nest; names are taken
/// as they are. Must end in the thread and in the reverse order in which it began.
class [[nodiscard]] name_scope {
 public:
  explicit name_scope(std::string_view name)
      : outer_(detail::this_thread_summary.scope), scope_(outer_) {
    scope_.append(name).append("/");
    detail::this_thread_summary.scope = scope_;
  }
  name_scope(name_scope const&) = delete;
  name_scope& operator=(name_scope const&) = delete;
  ~name_scope() { detail::this_thread_summary.scope = outer_; }

 private:
  std::string_view outer_;
  std::string scope_;
};

/// While it lives, this thread's ops record only if the condition holds: a bool, or a callable that
/// is asked by each op. The innermost one counts alone. Lives as a name_scope does.
template <class Condition>
  requires std::convertible_to<Condition, bool> || std::predicate<Condition&>
class [[nodiscard]] record_if : detail::recording_rule {
 public:
  explicit record_if(Condition condition)
      : recording_rule{ask},
        condition_(std::move(condition)),
        outer_(detail::this_thread_summary.rule) {
    detail::this_thread_summary.rule = this;
  }
  record_if(record_if const&) = delete;
  record_if& operator=(record_if const&) = delete;
  ~record_if() { detail::this_thread_summary.rule = outer_; }

 private:
  static bool ask(recording_rule& self) {
    auto& condition = static_cast<record_if&>(self).condition_;
    if constexpr (std::predicate<Condition&>) {
      return condition();
    } else {
      return condition;
    }
  }

  Condition condition_;
  recording_rule* outer_;
};

/// True if an op of this thread that is not given a writer would record: there is a default writer,
/// it is open, and record_if allows it.
[[nodiscard]] inline bool should_record() {
  auto const& context = detail::this_thread_summary;
  return context.writer != nullptr && context.writer->is_open() &&
         (context.rule == nullptr || context.rule->allows(*context.rule));
}

}  // namespace trainlog::summary

namespace trainlog::detail {

/// The writer, if an op of this thread is to record; null otherwise.
inline writer_core* recording(writer_core* to) {
  auto* const rule = this_thread_summary.rule;
  if (to == nullptr || !to->is_open() || (rule != nullptr && !rule->allows(*rule))) return nullptr;
  return to;
}

[[noreturn]] inline void fail_without_step(std::string_view name) {
  throw summary::summary_error("trainlog: the summary '" + std::string(name) +
                               "' has no step: pass one, or call set_step");
}

/// Throws summary_error if no step is given and none is set.
inline event_head make_head(std::string_view name, summary::event_step step,
                            std::optional<double> wall_time) {
  auto const& context = this_thread_summary;
  if (!step.is_given() && !context.has_step) [[unlikely]]
    fail_without_step(name);
  return {wall_time_or_now(wall_time), step.is_given() ? step.value() : context.step};
}

/// The name, in this thread's scopes.
inline summary_tag make_tag(std::string_view name) noexcept {
  return {this_thread_summary.scope, name};
}

/// A value, or what the callable that was given for it returns.
template <class Value>
decltype(auto) evaluate(Value&& value) {
  if constexpr (std::invocable<Value&>) {
    return value();
  } else {
    return std::forward<Value>(value);
  }
}
template <class Value>
using evaluated = std::remove_cvref_t<decltype(detail::evaluate(std::declval<Value>()))>;

}  // namespace trainlog::detail

#endif
