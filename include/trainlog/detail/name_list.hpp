// SPDX-License-Identifier: MIT
// Names that there are, for the message that another one is not among them.
#ifndef TRAINLOG_DETAIL_NAME_LIST_HPP
#define TRAINLOG_DETAIL_NAME_LIST_HPP

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace trainlog::detail {

/// "BEGINNING'a', 'b', ...", with ten names at most.
class name_list {
 public:
  explicit name_list(std::string beginning) : text_(std::move(beginning)) {}

  void add(std::string_view name) {
    constexpr std::size_t most = 10;
    if (++count_ <= most) text_.append(count_ == 1 ? "'" : ", '").append(name).append("'");
    else if (count_ == most + 1) text_ += ", ...";
  }

  bool empty() const noexcept { return count_ == 0; }
  std::string const& text() const noexcept { return text_; }

 private:
  std::string text_;
  std::size_t count_ = 0;
};

}  // namespace trainlog::detail

#endif
