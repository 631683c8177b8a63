// SPDX-License-Identifier: MIT
// Records as files have them, written whole and read in another way than event_reader does.
#ifndef TRAINLOG_TESTS_SUMMARY_TFRECORDS_HPP
#define TRAINLOG_TESTS_SUMMARY_TFRECORDS_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <trainlog/detail/endian.hpp>
#include <trainlog/summary/tfrecord.hpp>

namespace summary_test {

inline void append_tfrecord(std::string& out, std::string_view data) {
  std::size_t const begin = trainlog::detail::begin_tfrecord(out);
  out.append(data);
  trainlog::detail::end_tfrecord(out, begin);
}

/// What there is at some place of a file of records.
enum class record_state : unsigned char {
  record,
  end,      ///< nothing more
  torn,     ///< a record that is cut short
  damaged,  ///< a length whose checksum is wrong
  bad_data  ///< a record whose data do not match their checksum
};

/// Goes through records that stand one behind the other in memory.
class tfrecord_reader {
 public:
  explicit tfrecord_reader(std::string_view bytes) : bytes_(bytes) {}

  /// The next record's data, of a bad one too. After `end`, `torn` and `damaged` it stays where it
  /// is.
  record_state next(std::string_view& data) {
    using namespace trainlog::detail;
    std::string_view const rest = bytes_.substr(offset_);
    if (rest.empty()) return record_state::end;
    if (rest.size() < tfrecord_header_size) return record_state::torn;
    if (load<std::uint32_t>(rest, 8) != masked_crc32c(rest.substr(0, 8)))
      return record_state::damaged;
    auto const size = load<std::uint64_t>(rest, 0);
    if (rest.size() < tfrecord_overhead || size > rest.size() - tfrecord_overhead)
      return record_state::torn;
    data = rest.substr(tfrecord_header_size, size);
    offset_ += tfrecord_overhead + data.size();
    auto const crc = load<std::uint32_t>(rest, tfrecord_header_size + data.size());
    return crc == masked_crc32c(data) ? record_state::record : record_state::bad_data;
  }

  /// Where the next record begins.
  std::size_t offset() const { return offset_; }

 private:
  template <class T>
  static T load(std::string_view bytes, std::size_t at) {
    return trainlog::detail::load_le<T>(reinterpret_cast<std::byte const*>(bytes.data() + at));
  }

  std::string_view bytes_;
  std::size_t offset_ = 0;
};

}  // namespace summary_test

#endif
