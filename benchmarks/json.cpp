// SPDX-License-Identifier: MIT
// Records to and from JSON text: one record of a pool after the other.
#include "trainlog/json.hpp"

#include <benchmark/benchmark.h>

#include <charconv>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "rows.hpp"

namespace {

namespace peer {

template <class Real>
struct training_row {
  std::int64_t step = 0;
  std::int64_t epoch = 0;
  Real loss = 0;
  Real accuracy = 0;
  Real learning_rate = 0;
  NLOHMANN_DEFINE_TYPE_INTRUSIVE(training_row, step, epoch, loss, accuracy, learning_rate)
};

struct checkpoint_row {
  std::int64_t step = 0;
  std::string phase;
  double loss = 0;
  double accuracy = 0;
  std::string path;
  NLOHMANN_DEFINE_TYPE_INTRUSIVE(checkpoint_row, step, phase, loss, accuracy, path)
};

}  // namespace peer

/// Times work(row) for one row of the pool after the other.
template <class Pool, class Work>
void each_in_turn(benchmark::State& state, Pool const& pool, Work work) {
  std::size_t next = 0;
  for (auto _ : state) {
    work(pool[next++ % pool_size]);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
}

// ---- writing

/// Into a string that is used again, as a logger does.
template <class Row>
void write_reused(benchmark::State& state, std::vector<Row> const& rows) {
  std::string out;
  each_in_turn(state, rows, [&](Row const& row) {
    out.clear();
    trainlog::append_json(out, row);
    benchmark::DoNotOptimize(out.data());
  });
}

/// Into a new string each.
template <class Row>
void write_new(benchmark::State& state, std::vector<Row> const& rows) {
  each_in_turn(state, rows, [](Row const& row) {
    auto const out = trainlog::to_json(row);
    benchmark::DoNotOptimize(out.data());
  });
}

/// Its only way: a new string of a new tree.
template <class Row>
void write_nlohmann(benchmark::State& state, std::vector<Row> const& rows) {
  each_in_turn(state, rows, [](Row const& row) {
    auto const out = nlohmann::json(row).dump();
    benchmark::DoNotOptimize(out.data());
  });
}

/// What one would write by hand for this one record.
template <class Real>
void write_by_hand(benchmark::State& state, std::vector<training_row<Real>> const& rows) {
  std::vector<char> out(512);
  each_in_turn(state, rows, [&](training_row<Real> const& row) {
    char* at = out.data();
    auto const put = [&](std::string_view key, auto number) {
      at = std::copy(key.begin(), key.end(), at);
      at = std::to_chars(at, out.data() + out.size(), number).ptr;
    };
    put("{\"step\":", row.step);
    put(",\"epoch\":", row.epoch);
    put(",\"loss\":", row.loss);
    put(",\"accuracy\":", row.accuracy);
    put(",\"learning_rate\":", row.learning_rate);
    *at++ = '}';
    benchmark::DoNotOptimize(at);
  });
}

template <class Real, template <class> class Row>
std::vector<Row<Real>> pool() {
  return training_rows<Row<Real>>(pool_size);
}

void write_ours(benchmark::State& state) { write_reused(state, pool<double, training_row>()); }
void write_theirs(benchmark::State& state) {
  write_nlohmann(state, pool<double, peer::training_row>());
}
void write_to_chars(benchmark::State& state) { write_by_hand(state, pool<double, training_row>()); }
BENCHMARK(write_ours)->Name("json_write/trainlog");
BENCHMARK(write_theirs)->Name("json_write/nlohmann");
BENCHMARK(write_to_chars)->Name("json_write/to_chars");

void write_ours_new(benchmark::State& state) { write_new(state, pool<double, training_row>()); }
BENCHMARK(write_ours_new)->Name("json_write_new_string/trainlog");
BENCHMARK(write_theirs)->Name("json_write_new_string/nlohmann");

void write_ours_float32(benchmark::State& state) {
  write_reused(state, pool<float, training_row>());
}
void write_theirs_float32(benchmark::State& state) {
  write_nlohmann(state, pool<float, peer::training_row>());
}
void write_to_chars_float32(benchmark::State& state) {
  write_by_hand(state, pool<float, training_row>());
}
BENCHMARK(write_ours_float32)->Name("json_write_float32/trainlog");
BENCHMARK(write_theirs_float32)->Name("json_write_float32/nlohmann");
BENCHMARK(write_to_chars_float32)->Name("json_write_float32/to_chars");

void write_ours_strings(benchmark::State& state) {
  write_reused(state, checkpoint_rows<checkpoint_row>(pool_size));
}
void write_theirs_strings(benchmark::State& state) {
  write_nlohmann(state, checkpoint_rows<peer::checkpoint_row>(pool_size));
}
BENCHMARK(write_ours_strings)->Name("json_write_strings/trainlog");
BENCHMARK(write_theirs_strings)->Name("json_write_strings/nlohmann");

// ---- reading

std::vector<std::string> texts_of(auto const& rows, auto write) {
  std::vector<std::string> texts;
  for (auto const& row : rows) texts.push_back(write(row));
  return texts;
}

template <class Row>
void read_trainlog(benchmark::State& state, std::vector<std::string> const& texts) {
  each_in_turn(state, texts, [](std::string const& text) {
    auto row = trainlog::from_json<Row>(text);
    benchmark::DoNotOptimize(row);
  });
}

template <class Row>
void read_nlohmann(benchmark::State& state, std::vector<std::string> const& texts) {
  each_in_turn(state, texts, [](std::string const& text) {
    auto row = nlohmann::json::parse(text).get<Row>();
    benchmark::DoNotOptimize(row);
  });
}

/// Fields in the order of the record.
std::vector<std::string> ordered_texts() {
  return texts_of(pool<double, training_row>(),
                  [](auto const& row) { return trainlog::to_json(row); });
}
void read_ours(benchmark::State& state) {
  read_trainlog<training_row<double>>(state, ordered_texts());
}
void read_theirs(benchmark::State& state) {
  read_nlohmann<peer::training_row<double>>(state, ordered_texts());
}
BENCHMARK(read_ours)->Name("json_read/trainlog");
BENCHMARK(read_theirs)->Name("json_read/nlohmann");

/// Fields in the order of their names, as nlohmann::json writes them.
std::vector<std::string> sorted_texts() {
  return texts_of(pool<double, peer::training_row>(),
                  [](auto const& row) { return nlohmann::json(row).dump(); });
}
void read_ours_sorted(benchmark::State& state) {
  read_trainlog<training_row<double>>(state, sorted_texts());
}
void read_theirs_sorted(benchmark::State& state) {
  read_nlohmann<peer::training_row<double>>(state, sorted_texts());
}
BENCHMARK(read_ours_sorted)->Name("json_read_sorted_keys/trainlog");
BENCHMARK(read_theirs_sorted)->Name("json_read_sorted_keys/nlohmann");

std::vector<std::string> string_texts() {
  return texts_of(checkpoint_rows<checkpoint_row>(pool_size),
                  [](auto const& row) { return trainlog::to_json(row); });
}
void read_ours_strings(benchmark::State& state) {
  read_trainlog<checkpoint_row>(state, string_texts());
}
void read_theirs_strings(benchmark::State& state) {
  read_nlohmann<peer::checkpoint_row>(state, string_texts());
}
BENCHMARK(read_ours_strings)->Name("json_read_strings/trainlog");
BENCHMARK(read_theirs_strings)->Name("json_read_strings/nlohmann");

}  // namespace
