// SPDX-License-Identifier: MIT
// Several logs as one: the ranks of a run, in the order of a step or a time.
#ifndef TRAINLOG_LOG_MERGE_HPP
#define TRAINLOG_LOG_MERGE_HPP

#include <algorithm>
#include <cstddef>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "trainlog/log/log_reader.hpp"
#include "trainlog/record/traits.hpp"

namespace trainlog {

/// The rows of several logs in the order of a key, which never gets less within each of them. Rows
/// of equal keys come in the order of the logs. Made by merge_logs().
///
/// Memory: that of a log_reader for each log.
template <class T, class Key>
class merged_logs {
 public:
  using value_type = T;

  merged_logs(std::vector<std::string> const& paths, Key key) : key_(std::move(key)) {
    for (auto const& path : paths) readers_.push_back(std::make_unique<log_reader<T>>(path));
  }

  class iterator {
   public:
    using iterator_concept = std::input_iterator_tag;
    using iterator_category = std::input_iterator_tag;
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using pointer = T const*;
    using reference = T const&;

    iterator() = default;
    T const& operator*() const noexcept { return *from_->first(); }
    T const* operator->() const noexcept { return &*from_->first(); }
    /// Which log the row is of: its place among the paths.
    std::size_t log() const noexcept { return from_->order_.front(); }
    iterator& operator++() {
      from_->advance();
      return *this;
    }
    void operator++(int) { ++*this; }
    friend bool operator==(iterator const& it, std::default_sentinel_t) noexcept {
      return it.at_end();
    }

   private:
    friend class merged_logs;
    explicit iterator(merged_logs& from) : from_(&from) {}
    bool at_end() const noexcept { return from_->order_.empty(); }
    merged_logs* from_ = nullptr;
  };

  /// The first row; references are valid until the iterator goes on. Only one iterator at a time.
  /// Throws as those of log_reader.
  iterator begin() {
    order_.clear();
    rows_.clear();
    is_advancing_ = false;
    for (std::size_t i = 0; i < readers_.size(); ++i) {
      rows_.push_back(readers_[i]->begin());
      if (rows_[i] != readers_[i]->end()) order_.push_back(i);
    }
    std::make_heap(order_.begin(), order_.end(), later());
    return iterator(*this);
  }
  std::default_sentinel_t end() const noexcept { return {}; }

  /// The reader of a log, for its report.
  log_reader<T>& reader(std::size_t log) { return *readers_.at(log); }

 private:
  auto const& first() const noexcept { return rows_[order_.front()]; }

  /// Which of two logs has the row that comes later.
  auto later() const {
    return [this](std::size_t a, std::size_t b) {
      auto const& key_a = std::invoke(key_, *rows_[a]);
      auto const& key_b = std::invoke(key_, *rows_[b]);
      return key_b < key_a || (!(key_a < key_b) && b < a);
    };
  }

  void advance() {
    if (!is_advancing_) std::pop_heap(order_.begin(), order_.end(), later());
    is_advancing_ = true;
    std::size_t const log = order_.back();
    if (++rows_[log] == readers_[log]->end()) order_.pop_back();
    else std::push_heap(order_.begin(), order_.end(), later());
    is_advancing_ = false;
  }

  Key key_;
  std::vector<std::unique_ptr<log_reader<T>>> readers_;
  std::vector<typename log_reader<T>::iterator> rows_;  // of each log the next one
  bool is_advancing_ = false;       // a row has been thrown: the last log in order_ goes on
  std::vector<std::size_t> order_;  // a heap of the logs that have one, the first in front
};

/// Merges logs by a key: a member pointer, or a callable that takes a T.
///
///     for (Step const& row : trainlog::merge_logs<Step>(paths, &Step::step)) ...
///
/// Throws as log_reader.
template <class T, class Key>
merged_logs<T, Key> merge_logs(std::vector<std::string> const& paths, Key key) {
  return {paths, std::move(key)};
}

}  // namespace trainlog

#endif
