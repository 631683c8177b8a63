// SPDX-License-Identifier: MIT
// The filters of PNG, which make rows of pixels compress better (PNG specification, 9).
#ifndef TRAINLOG_DETAIL_PNG_FILTER_HPP
#define TRAINLOG_DETAIL_PNG_FILTER_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

namespace trainlog::detail {

enum class png_filter : std::uint8_t { none = 0, sub = 1, up = 2, average = 3, paeth = 4 };

/// Which of left, above and their corner is nearest to left + above - corner.
constexpr std::uint8_t paeth_predictor(std::uint8_t left, std::uint8_t above,
                                       std::uint8_t corner) noexcept {
  int const to_left = std::abs(above - corner);
  int const to_above = std::abs(left - corner);
  int const to_corner = std::abs(above + left - 2 * corner);
  std::uint8_t const other = to_above <= to_corner ? above : corner;
  return to_left <= to_above && to_left <= to_corner ? left : other;
}

/// What a filter makes of a byte of a row. `left` and `corner` belong to the pixel before.
template <png_filter Filter>
constexpr std::uint8_t png_filtered(std::uint8_t byte, std::uint8_t left, std::uint8_t above,
                                    std::uint8_t corner) noexcept {
  auto const minus = [byte](int prediction) {
    return static_cast<std::uint8_t>(byte - prediction);
  };
  using enum png_filter;
  if constexpr (Filter == sub) return minus(left);
  else if constexpr (Filter == up) return minus(above);
  else if constexpr (Filter == average) return minus((left + above) / 2);
  else if constexpr (Filter == paeth) return minus(paeth_predictor(left, above, corner));
  else return byte;
}

/// Filters the rows of one image, each with the filter that leaves the smallest numbers.
class png_row_filter {
 public:
  /// Of rows of so many bytes, in pixels of `step` bytes.
  png_row_filter(std::size_t size, std::size_t step)
      : step_(step), above_(size + step), row_(size + step), trial_(size), best_(size) {}

  /// Appends the filter's number and the filtered row, of as many bytes as the constructor said.
  void append(std::string& out, std::uint8_t const* row) {
    std::copy_n(row, trial_.size(), row_.begin() + static_cast<std::ptrdiff_t>(step_));
    least_ = ~std::uint64_t{0};
    using enum png_filter;
    attempt<up>(), attempt<sub>(), attempt<none>(), attempt<paeth>(), attempt<average>();
    out.push_back(static_cast<char>(filter_));
    out.append(reinterpret_cast<char const*>(best_.data()), best_.size());
    above_.swap(row_);
  }

 private:
  template <png_filter Filter>
  void attempt() noexcept {
    std::size_t const size = trial_.size();
    std::uint8_t const* const row = row_.data();
    std::uint8_t const* const above = above_.data();
    std::uint8_t* const to = trial_.data();
    for (std::size_t i = 0; i < size; ++i)
      to[i] = png_filtered<Filter>(row[i + step_], row[i], above[i + step_], above[i]);
    std::uint32_t sum = 0;  // a row of 2^25 bytes may overflow it, and is then filtered less well
    for (std::size_t i = 0; i < size; ++i) sum += std::min<std::uint32_t>(to[i], 256U - to[i]);
    if (sum < least_) least_ = sum, filter_ = Filter, trial_.swap(best_);
  }

  std::size_t step_;
  std::vector<std::uint8_t> above_;  ///< with a pixel of zeros before it
  std::vector<std::uint8_t> row_;
  std::vector<std::uint8_t> trial_;
  std::vector<std::uint8_t> best_;
  std::uint64_t least_ = 0;
  png_filter filter_ = png_filter::none;
};

}  // namespace trainlog::detail

#endif
