// SPDX-License-Identifier: MIT
// Vectors of records, and single ones, to and from bytes in memory.
#include "trainlog/binary.hpp"

#include <benchmark/benchmark.h>

#include <cereal/archives/binary.hpp>
#include <cereal/types/string.hpp>
#include <cereal/types/vector.hpp>
#include <cstring>
#include <msgpack.hpp>
#include <span>
#include <sstream>
#include <streambuf>
#include <string>
#include <string_view>
#include <vector>

#include "rows.hpp"

namespace {

namespace peer {

template <class Epoch>
struct epoch_row {
  std::int64_t step = 0;
  Epoch epoch = 0;
  double loss = 0;
  double accuracy = 0;
  double learning_rate = 0;
  MSGPACK_DEFINE(step, epoch, loss, accuracy, learning_rate)
  void serialize(auto& archive) { archive(step, epoch, loss, accuracy, learning_rate); }
};
using plain_row = epoch_row<std::int64_t>;
using padded_row = epoch_row<std::int32_t>;

struct checkpoint_row {
  std::int64_t step = 0;
  std::string phase;
  double loss = 0;
  double accuracy = 0;
  std::string path;
  MSGPACK_DEFINE(step, phase, loss, accuracy, path)
  void serialize(auto& archive) { archive(step, phase, loss, accuracy, path); }
};

}  // namespace peer

/// A row that is larger in memory than in a file.
struct padded_row {
  std::int64_t step = 0;
  std::int32_t epoch = 0;
  double loss = 0;
  double accuracy = 0;
  double learning_rate = 0;
  TRAINLOG_RECORD(padded_row, step, epoch, loss, accuracy, learning_rate)
};

// ---- one writer and one reader a library: a struct with write(value) and read<T>(bytes)

struct trainlog_codec {
  static std::string write(auto const& value) { return trainlog::to_binary(value); }
  template <class T>
  static T read(std::string_view bytes) {
    return trainlog::from_binary<T>(bytes);
  }
};

/// As its documentation shows it.
struct cereal_stream {
  static std::string write(auto const& value) {
    std::ostringstream stream;
    cereal::BinaryOutputArchive{stream}(value);
    return std::move(stream).str();
  }
  template <class T>
  static T read(std::string const& bytes) {
    std::istringstream stream(bytes);
    T value;
    cereal::BinaryInputArchive{stream}(value);
    return value;
  }
};

/// A stream that appends to a string, or reads memory, and does nothing else.
struct memory_stream : std::streambuf, std::iostream {
  memory_stream() : std::iostream(static_cast<std::streambuf*>(this)) {}
  explicit memory_stream(std::string_view bytes) : memory_stream() {
    char* const begin = const_cast<char*>(bytes.data());
    setg(begin, begin, begin + bytes.size());
  }
  std::streamsize xsputn(char const* data, std::streamsize size) override {
    written.append(data, static_cast<std::size_t>(size));
    return size;
  }
  std::string written;
};

/// The quickest that cereal gets without giving its serialization of rows up.
struct cereal_memory {
  static std::string write(auto const& value) {
    memory_stream stream;
    stream.written.reserve(sizeof value + 16);
    if constexpr (requires { value.size(); }) {
      stream.written.reserve(value.size() * sizeof value.front() + 16);
    }
    cereal::BinaryOutputArchive{stream}(value);
    return std::move(stream.written);
  }
  template <class T>
  static T read(std::string_view bytes) {
    memory_stream stream(bytes);
    T value;
    cereal::BinaryInputArchive{stream}(value);
    return value;
  }
};

struct msgpack_buffer {
  static msgpack::sbuffer write(auto const& value) {
    msgpack::sbuffer buffer;
    msgpack::pack(buffer, value);
    return buffer;
  }
  template <class T>
  static T read(msgpack::sbuffer const& bytes) {
    return msgpack::unpack(bytes.data(), bytes.size()).get().as<T>();
  }
};

/// The floor: the rows' bytes, copied, with nothing that tells what they are.
struct plain_copy {
  template <class Row>
  static std::string write(std::vector<Row> const& rows) {
    return {reinterpret_cast<char const*>(rows.data()), rows.size() * sizeof(Row)};
  }
  template <class T>
  static T read(std::string_view bytes) {
    T rows(bytes.size() / sizeof(typename T::value_type));
    std::memcpy(static_cast<void*>(rows.data()), bytes.data(), bytes.size());
    return rows;
  }
};

/// Lets the table say how many records a second.
void count_records(benchmark::State& state, auto const& value) {
  std::int64_t records = 1;
  if constexpr (requires { value.size(); }) records = std::ssize(value);
  state.SetItemsProcessed(state.iterations() * records);
}

template <class Codec, class Value>
void time_write(benchmark::State& state, Value const& value) {
  for (auto _ : state) {
    auto const bytes = Codec::write(value);
    benchmark::DoNotOptimize(bytes.data());
    benchmark::ClobberMemory();
  }
  count_records(state, value);
}

template <class Codec, class Value>
void time_read(benchmark::State& state, Value const& value) {
  auto const bytes = Codec::write(value);
  for (auto _ : state) {
    auto const back = Codec::template read<Value>(bytes);
    benchmark::DoNotOptimize(&back);
    benchmark::ClobberMemory();
  }
  count_records(state, value);
}

constexpr std::size_t many = 100'000;

template <class Codec, class Row>
void write_rows(benchmark::State& state) {
  time_write<Codec>(state, training_rows<Row>(many));
}
template <class Codec, class Row>
void read_rows(benchmark::State& state) {
  time_read<Codec>(state, training_rows<Row>(many));
}
template <class Codec, class Row>
void write_texts(benchmark::State& state) {
  time_write<Codec>(state, checkpoint_rows<Row>(many));
}
template <class Codec, class Row>
void read_texts(benchmark::State& state) {
  time_read<Codec>(state, checkpoint_rows<Row>(many));
}
template <class Codec, class Row>
void write_one(benchmark::State& state) {
  time_write<Codec>(state, training_rows<Row>(2).back());
}
template <class Codec, class Row>
void read_one(benchmark::State& state) {
  time_read<Codec>(state, training_rows<Row>(2).back());
}

#define COMPARE(benchmark, function, row)                                             \
  BENCHMARK(function<trainlog_codec, row>)->Name(benchmark "/trainlog");              \
  BENCHMARK(function<cereal_stream, peer::row>)->Name(benchmark "/cereal");           \
  BENCHMARK(function<cereal_memory, peer::row>)->Name(benchmark "/cereal_in_memory"); \
  BENCHMARK(function<msgpack_buffer, peer::row>)->Name(benchmark "/msgpack")

using plain_row = training_row<double>;

COMPARE("binary_write", write_rows, plain_row);
BENCHMARK(write_rows<plain_copy, plain_row>)->Name("binary_write/memcpy");
COMPARE("binary_read", read_rows, plain_row);
BENCHMARK(read_rows<plain_copy, plain_row>)->Name("binary_read/memcpy");

COMPARE("binary_write_padded", write_rows, padded_row);
COMPARE("binary_read_padded", read_rows, padded_row);
COMPARE("binary_write_strings", write_texts, checkpoint_row);
COMPARE("binary_read_strings", read_texts, checkpoint_row);
COMPARE("binary_write_one_record", write_one, plain_row);
COMPARE("binary_read_one_record", read_one, plain_row);

}  // namespace
