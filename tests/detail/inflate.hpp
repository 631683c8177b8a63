// SPDX-License-Identifier: MIT
// A decoder of zlib streams and PNG files for tests: a bit at a time, by the letter of RFC 1950,
// RFC 1951 and the PNG specification, sharing nothing with the encoders. Throws std::runtime_error.
#ifndef TRAINLOG_TESTS_DETAIL_INFLATE_HPP
#define TRAINLOG_TESTS_DETAIL_INFLATE_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace inflate_test {

inline void require(bool holds, char const* what) {
  if (!holds) throw std::runtime_error(what);
}

class bit_reader {
 public:
  explicit bit_reader(std::string_view bytes) : bytes_(bytes) {}

  std::uint32_t bits(unsigned count) {
    std::uint32_t value = 0;
    for (unsigned i = 0; i < count; ++i, ++at_) {
      require(at_ / 8 < bytes_.size(), "the stream is cut short");
      auto const byte = static_cast<unsigned char>(bytes_[at_ / 8]);
      value |= (std::uint32_t{byte} >> at_ % 8 & 1U) << i;
    }
    return value;
  }
  void align() { at_ = (at_ + 7) / 8 * 8; }
  /// The next byte, aligned.
  std::size_t offset() const { return at_ / 8; }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
};

/// Codes with their lengths in front: 1, then the bits, the first one highest.
class prefix_code {
 public:
  explicit prefix_code(std::vector<unsigned> const& lengths) {
    std::uint32_t code = 0;
    for (unsigned length = 1; length < 16; ++length, code <<= 1U) {
      for (std::size_t symbol = 0; symbol < lengths.size(); ++symbol) {
        if (lengths[symbol] == length) symbols_[1U << length | code++] = symbol;
      }
      require(code <= 1U << length, "too many codes");
      room_ = (1U << length) - code;
    }
  }
  /// True if every sequence of bits is a code: not so for a single one.
  bool is_complete() const { return room_ == 0; }

  std::size_t read(bit_reader& in) const {
    for (std::uint32_t code = 1; code < 1U << 15U;) {
      code = code << 1U | in.bits(1);
      auto const found = symbols_.find(code);
      if (found != symbols_.end()) return found->second;
    }
    throw std::runtime_error("no such code");
  }

 private:
  std::map<std::uint32_t, std::size_t> symbols_;
  std::uint32_t room_ = 0;
};

struct block_count {
  int stored = 0, fixed = 0, dynamic = 0;
};

inline std::pair<prefix_code, prefix_code> read_codes(bit_reader& in) {
  std::size_t const literals = in.bits(5) + 257;
  std::size_t const distances = in.bits(5) + 1;
  std::size_t const count = in.bits(4) + 4;
  require(literals <= 286 && distances <= 30, "too many symbols");
  std::vector<unsigned> lengths(19);
  for (std::size_t i = 0; i < count; ++i) {
    constexpr std::array order{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
    lengths[static_cast<std::size_t>(order[i])] = in.bits(3);
  }
  prefix_code const code(lengths);
  require(code.is_complete(), "the code of code lengths is not complete");
  std::vector<unsigned> all;
  while (all.size() < literals + distances) {
    auto const symbol = code.read(in);
    if (symbol < 16) {
      all.push_back(static_cast<unsigned>(symbol));
      continue;
    }
    require(symbol != 16 || !all.empty(), "nothing to repeat");
    unsigned const value = symbol == 16 ? all.back() : 0;
    all.insert(all.end(),
               symbol == 16   ? 3 + in.bits(2)
               : symbol == 17 ? 3 + in.bits(3)
                              : 11 + in.bits(7),
               value);
  }
  require(all.size() == literals + distances, "a repetition beyond the end");
  auto const middle = all.begin() + static_cast<std::ptrdiff_t>(literals);
  std::pair codes(prefix_code({all.begin(), middle}), prefix_code({middle, all.end()}));
  require(codes.first.is_complete() && codes.second.is_complete(), "a code is not complete");
  return codes;
}

inline void read_tokens(bit_reader& in, std::string& out, prefix_code const& literals,
                        prefix_code const& distances) {
  constexpr std::array length_base{3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
                                   31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
  constexpr std::array length_extra{0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                    2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
  constexpr std::array distance_base{1,    2,    3,    4,    5,    7,    9,    13,    17,    25,
                                     33,   49,   65,   97,   129,  193,  257,  385,   513,   769,
                                     1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
  for (;;) {
    auto const symbol = literals.read(in);
    if (symbol == 256) return;
    if (symbol < 256) {
      out.push_back(static_cast<char>(symbol));
      continue;
    }
    require(symbol < 286, "no such length");
    auto const length = static_cast<std::size_t>(length_base[symbol - 257]) +
                        in.bits(static_cast<unsigned>(length_extra[symbol - 257]));
    auto const place = distances.read(in);
    require(place < 30, "no such distance");
    auto const distance = static_cast<std::size_t>(distance_base[place]) +
                          in.bits(place < 4 ? 0 : static_cast<unsigned>(place / 2 - 1));
    require(distance <= out.size(), "a repetition of what is not there");
    for (std::size_t i = 0; i < length; ++i) out.push_back(out[out.size() - distance]);
  }
}

/// The bytes of a zlib stream, which must end with `stream`.
inline std::string inflate(std::string_view stream, block_count* count = nullptr) {
  block_count ignored;
  block_count& blocks = count != nullptr ? *count : ignored;
  require(stream.size() >= 6 && stream[0] == '\x78', "no zlib stream");
  require((0x7800 + static_cast<unsigned char>(stream[1])) % 31 == 0, "the head is damaged");
  bit_reader in(stream);
  in.bits(16);
  std::string out;
  for (bool is_last = false; !is_last;) {
    is_last = in.bits(1) == 1;
    auto const type = in.bits(2);
    require(type != 3, "no such block");
    if (type == 0) {
      ++blocks.stored;
      in.align();
      auto const size = in.bits(16);
      require(in.bits(16) == (~size & 0xFFFFU), "the length of a stored block is damaged");
      for (std::uint32_t i = 0; i < size; ++i) out.push_back(static_cast<char>(in.bits(8)));
    } else if (type == 1) {
      ++blocks.fixed;
      std::vector<unsigned> lengths(288, 8);
      for (std::size_t i = 144; i < 256; ++i) lengths[i] = 9;
      for (std::size_t i = 256; i < 280; ++i) lengths[i] = 7;
      read_tokens(in, out, prefix_code(lengths), prefix_code(std::vector<unsigned>(30, 5)));
    } else {
      ++blocks.dynamic;
      auto const [literals, distances] = read_codes(in);
      read_tokens(in, out, literals, distances);
    }
  }
  in.align();
  std::uint32_t sum = 1;
  std::uint32_t sums = 0;
  for (char const c : out) {
    sum = (sum + static_cast<unsigned char>(c)) % 65521;
    sums = (sums + sum) % 65521;
  }
  std::uint32_t stored = 0;
  for (int i = 0; i < 4; ++i) stored = stored << 8U | in.bits(8);
  require(stored == (sums << 16U | sum), "adler32 does not match");
  require(in.offset() == stream.size(), "bytes behind the end");
  return out;
}

struct png_image {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint32_t channels = 0;
  std::array<int, 5> filters{};  ///< how many rows have each
  std::vector<std::uint8_t> pixels;
};

inline std::uint32_t big_endian(std::string_view bytes, std::size_t at) {
  require(at + 4 <= bytes.size(), "the file is cut short");
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i)
    value = value << 8U | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

/// Takes the filters of the rows off.
inline void unfilter(png_image& image, std::string_view rows) {
  std::size_t const step = image.channels;
  std::size_t const size = image.width * step;
  require(rows.size() == image.height * (size + 1), "not as many bytes as the head says");
  image.pixels.resize(image.height * size);
  for (std::size_t y = 0; y < image.height; ++y) {
    auto const filter = static_cast<std::size_t>(rows[y * (size + 1)]);
    require(filter < 5, "no such filter");
    ++image.filters[filter];
    for (std::size_t x = 0; x < size; ++x) {
      std::size_t const at = y * size + x;
      int const a = x >= step ? image.pixels[at - step] : 0;
      int const b = y > 0 ? image.pixels[at - size] : 0;
      int const c = x >= step && y > 0 ? image.pixels[at - size - step] : 0;
      int const p = a + b - c;
      int const pa = std::abs(p - a);
      int const pb = std::abs(p - b);
      int const pc = std::abs(p - c);
      int const paeth = pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
      std::array const predictions{0, a, b, (a + b) / 2, paeth};
      image.pixels[at] =
          static_cast<std::uint8_t>(rows[y * (size + 1) + 1 + x] + predictions[filter]);
    }
  }
}

/// The image of a PNG file of 8 bits a channel.
inline png_image decode_png(std::string_view file) {
  require(file.substr(0, 8) == std::string_view("\x89PNG\r\n\x1A\n", 8), "no PNG file");
  png_image image;
  std::string data;
  std::string_view type;
  for (std::size_t at = 8; type != "IEND";) {
    auto const size = big_endian(file, at);
    require(at + 12 + size <= file.size(), "a chunk is cut short");
    type = file.substr(at + 4, 4);
    std::uint32_t sum = ~0U;
    for (char const c : file.substr(at + 4, size + 4)) {
      sum ^= static_cast<unsigned char>(c);
      for (int bit = 0; bit < 8; ++bit) sum = sum & 1U ? sum >> 1U ^ 0xEDB88320U : sum >> 1U;
    }
    require(big_endian(file, at + 8 + size) == ~sum, "a checksum does not match");
    auto const content = file.substr(at + 8, size);
    if (type == "IHDR") {
      image.width = big_endian(content, 0), image.height = big_endian(content, 4);
      require(content.size() == 13 && content[8] == 8, "not 8 bits a channel");
      image.channels =
          std::array{1U, 0U, 3U, 0U, 2U, 0U, 4U}.at(static_cast<std::size_t>(content[9]));
      require(content.substr(10) == std::string_view("\0\0\0", 3), "not a usual PNG file");
    } else if (type == "IDAT") {
      data += content;
    }
    at += 12 + size;
    require(type != "IEND" || at == file.size(), "bytes behind the end");
  }
  unfilter(image, inflate(data));
  return image;
}

}  // namespace inflate_test

#endif
