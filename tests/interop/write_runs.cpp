// SPDX-License-Identifier: MIT
// Writes runs with every op, which the check_*.py beside it look at. Usage: write_runs DIRECTORY
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include <trainlog/record.hpp>
#include <trainlog/summary.hpp>

namespace summary = trainlog::summary;

namespace {

struct Part {
  double loss = 0.0;
  double accuracy = 0.0;
  TRAINLOG_RECORD(Part, loss, accuracy)
};

struct Epoch {
  std::int64_t epoch = 0;
  Part train;
  double rate = 0.0;
  TRAINLOG_RECORD(Epoch, epoch, train, rate)
};
TRAINLOG_META(Epoch, rate, rename("learning rate"), doc("of the *optimizer*"))

void write_scalars(std::string const& directory) {
  auto const writer = summary::create_file_writer(directory);
  auto const scope = writer.as_default();
  for (std::int64_t step = -2; step < 20; ++step) {
    summary::scalar("simple", 0.1 * static_cast<double>(step), step);
    summary::scalar("as tensor", step * step, step, {.style = summary::scalar_style::tensor});
  }
  summary::scalar("described", 1.5, 1, {.description = "what *it* is", .display_name = "shown"});
  summary::scalar("not finite", std::nan(""), 0);
  summary::scalar("not finite", std::numeric_limits<double>::infinity(), 1);
  summary::scalar("not finite", -std::numeric_limits<double>::infinity(), 2);
  summary::scalar("not finite", 1e300, 3);
  summary::scalar("bad \xff name/with spaces", 1, 0, {.wall_time = std::nan("")});
}

void write_texts(std::string const& directory) {
  auto const writer = summary::create_file_writer(directory);
  summary::text(writer, "plain", "some **bold** text", 0, {.description = "a text"});
  summary::text(writer, "list", std::vector<std::string>{"a", "", "bad \xff"}, 1);
  summary::text(writer, "table", std::vector<std::vector<std::string>>{{"a", "b"}, {"c"}}, 2);
}

void write_tensors(std::string const& directory) {
  auto const writer = summary::create_file_writer(directory);
  std::vector<float> const numbers{1.0F, 2.0F, 3.0F, 4.0F, 5.0F, 6.0F};
  summary::tensor(writer, "numbers", summary::tensor_view(numbers, {2, 3}), 1);
}

void write_records(std::string const& directory) {
  auto const writer =
      summary::create_file_writer(directory, {.policy = summary::write_policy::buffered});
  for (std::int64_t epoch = 0; epoch < 10; ++epoch) {
    auto const x = static_cast<double>(epoch);
    Epoch const row{epoch, {1.0 / (x + 1.0), x / 10.0}, 0.5};
    summary::record(writer, row, epoch);
  }
}

/// Of values that float64 has exactly, so that Python makes the same.
std::vector<float> histogram_values(std::size_t count) {
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i)
    values[i] = static_cast<float>(i * i % 1009) / 8.0F - 50.0F;
  return values;
}

void write_histograms(std::string const& directory) {
  auto const writer = summary::create_file_writer(directory);
  auto const scope = writer.as_default();
  for (std::int64_t step = 0; step < 3; ++step) {
    auto const values = histogram_values(1000 * static_cast<std::size_t>(step + 1));
    summary::histogram("weights", values, step, {.description = "a *histogram*"});
  }
  summary::histogram("one bucket", histogram_values(10), 1, {.buckets = 1});
  summary::histogram("no buckets", histogram_values(10), 1, {.buckets = 0});
  summary::histogram("on edges", std::vector<int>{0, 1, 2, 3, 4, 4}, 1, {.buckets = 4});
  summary::histogram("one value", std::vector<double>(5, 0.1), 1);
  summary::histogram("empty", std::vector<double>{}, 1);
  summary::histogram("not finite", std::vector<double>{1.0, std::nan(""), 2.0, INFINITY}, 1);
  summary::histogram_builder builder;
  for (float const value : histogram_values(3000)) builder.add(value);
  summary::histogram("built", builder, 1);
  std::vector<double> const limits{-1, 0, 2.5, 4, 8};
  std::vector<double> const counts{0, 1, 2, 3, 0};
  summary::histogram_raw("raw",
                         summary::raw_histogram{.min = -0.5,
                                                .max = 3,
                                                .num = 6,
                                                .sum = 9,
                                                .sum_squares = 27,
                                                .bucket_limits = limits,
                                                .bucket_counts = counts},
                         1, {.description = "raw"});
}

void write_pr_curves(std::string const& directory) {
  auto const writer = summary::create_file_writer(directory);
  auto const scope = writer.as_default();
  std::vector<bool> labels;
  std::vector<float> predictions;
  std::vector<float> weights;
  for (int i = 0; i < 2000; ++i) {
    labels.push_back(i % 3 == 0);
    predictions.push_back(static_cast<float>(i * 37 % 1001) / 1000.0F);
    weights.push_back(static_cast<float>(i % 5) / 2.0F);
  }
  for (int step = 0; step < 2; ++step)
    summary::pr_curve("curve", labels, predictions, step, {.description = "a *curve*"});
  summary::pr_curve("weighted", labels, predictions, 1, {.thresholds = 11, .weights = weights});
  summary::pr_curve("empty", std::vector<int>{}, std::vector<float>{}, 1, {.thresholds = 11});
  summary::pr_curve("not a number", std::vector<int>{1}, std::vector<float>{std::nanf("")}, 1);
  summary::pr_curve_builder builder(127);
  builder.add(labels, predictions);
  summary::pr_curve("built", builder, 1);
  std::vector<double> const falling{4, 2};
  std::vector<double> const rising{0, 2};
  std::vector<double> const shares{0.5, std::nan("")};
  summary::pr_curve_raw("raw",
                        summary::raw_pr_curve{falling, falling, rising, rising, shares, shares}, 1);
}

void write_images(std::string const& directory) {
  auto const writer = summary::create_file_writer(directory);
  std::uint8_t gray[20][30];
  for (int y = 0; y < 20; ++y) {
    for (int x = 0; x < 30; ++x) gray[y][x] = static_cast<std::uint8_t>(x * y);
  }
  summary::image(writer, "gray", summary::image_view(gray), 1, {.description = "an *image*"});
  std::vector<float> batch(5 * 4 * 6 * 3);
  for (std::size_t i = 0; i < batch.size(); ++i) batch[i] = static_cast<float>(i % 19) / 18;
  for (int step = 0; step < 3; ++step)
    summary::image(writer, "batch", summary::image_view(batch, {5, 4, 6, 3}), step);
  summary::image(
      writer, "channels first",
      summary::image_view(std::span(batch).first(72), {3, 4, 6}, summary::image_layout::chw), 2);
  // A GIF of one pixel.
  std::string const gif("GIF89a\1\0\1\0\x80\0\0\xff\xff\xff\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0;",
                        35);
  summary::image(writer, "file", summary::encoded_image{gif}, 4);
}

void write_audio(std::string const& directory) {
  auto const writer = summary::create_file_writer(directory);
  std::vector<double> tone(2 * 4000);
  for (std::size_t i = 0; i < tone.size(); ++i) tone[i] = std::sin(0.05 * static_cast<double>(i));
  summary::audio(writer, "stereo", summary::audio_view(tone, {4000, 2}), 8000, 1,
                 {.description = "a *tone*"});
  summary::audio(writer, "clips", summary::audio_view(tone, {4, 2000, 1}), 16000, 2);
}

void write_meshes(std::string const& directory) {
  auto const writer = summary::create_file_writer(directory);
  std::vector<float> const corners{1, 1, 1, 1, -1, -1, -1, 1, -1, -1, -1, 1};
  std::vector<int> const faces{0, 1, 2, 0, 2, 3, 0, 3, 1, 1, 3, 2};
  std::vector<int> const colors{255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 0};
  for (int step = 0; step < 3; ++step) {
    summary::mesh(writer, "solid/tetrahedron", summary::tensor_view(corners, {4, 3}), step,
                  {.faces = summary::tensor_view(faces, {4, 3}),
                   .colors = summary::tensor_view(colors, {4, 3}),
                   .config = R"({"camera": {"cls": "PerspectiveCamera", "fov": 60}})",
                   .description = "a *mesh*"});
  }
  summary::mesh(writer, "points", summary::tensor_view(corners, {2, 2, 3}), 1,
                {.config = R"({"material": {"cls": "PointsMaterial", "size": 0.3}})"});
  // None at first, as a surface may have when training begins.
  summary::mesh(writer, "growing", summary::tensor_view(std::vector<float>{}, {0, 3}), 0);
  summary::mesh(writer, "growing", summary::tensor_view(corners, {4, 3}), 1);
}

void write_graph(std::string const& directory) {
  auto const writer = summary::create_file_writer(directory);
  summary::graph_builder graph;
  graph
      .add({.name = "x",
            .op = "Placeholder",
            .device = "/device:CPU:0",
            .output_shapes = {{-1, 784}},
            .attributes = {{"dtype", summary::data_type::float32}}})
      .add({.name = "dense/kernel", .op = "Variable", .output_shapes = {{784, 10}}})
      .add({.name = "dense/out",
            .op = "MatMul",
            .inputs = {"x", "dense/kernel"},
            .control_inputs = {"step"},
            .attributes =
                {{"fused", true}, {"note", "a \"note\" \xff"}, {"rate", 0.5}, {"units", 10}}})
      .add({.name = "step", .op = "Add", .inputs = {"step:0"}});
  summary::graph(writer, graph);
  // RunMetadata{step_stats{dev_stats{device, node_stats{node_name, all_start_micros,
  // all_end_rel_micros}}}}
  std::string const measured("\n\x1a\n\x18\n\5/cpu:\x12\x0f\n\tdense/out\x10\x05\x28\x07", 28);
  summary::run_metadata(writer, "measured", measured, 7);
  summary::keras_model(
      writer, "keras",
      R"({"class_name": "Sequential", "config": {"name": "net", "layers": [)"
      R"({"class_name": "Dense", "config": {"name": "first", "dtype": "float32"}},)"
      R"({"class_name": "Dense", "config": {"name": "second", "dtype": "float32"}}]}})",
      0);
}

void write_embeddings(std::string const& directory) {
  auto const writer = summary::create_file_writer(directory);
  summary::scalar(writer, "x", 1, 1);  // a directory without events is no run
  std::vector<float> const values{1.0F, 0.1F, -2.5F, 1e-8F, 3.0F, 4.0F};
  std::vector<std::string> const labels{"a", "b c", "\xc3\xa9"};
  std::vector<std::uint8_t> const images(3 * 8 * 8);
  summary::embedding(writer, "hidden \"layer\"", summary::embedding_view(values, {3, 2}), 1,
                     {.labels = labels, .images = summary::image_view(images, {3, 8, 8, 1})});
  std::vector<std::vector<std::string>> const rows{{"a", "1"}, {"b", "2"}};
  std::vector<std::string> const columns{"name", "number"};
  summary::embedding(writer, "other", summary::embedding_view(values, {2, 3}), 1,
                     {.rows = rows, .columns = columns});
}

void write_sweep(std::string const& directory) {
  for (int i = 0; i < 3; ++i) {
    auto const writer = summary::create_file_writer(directory + "/" + std::to_string(i));
    auto const scope = writer.as_default();
    if (i == 2) {
      summary::hparams({{"only here", "x"}, {"rate", std::nan("")}});
    } else {
      summary::hparams({{"rate", 0.1 * (i + 1)}, {"optimizer", "adam"}, {"dropout", i == 1}});
    }
    for (int step = 0; step < 5; ++step) summary::scalar("loss", 1.0 / (step + i + 1), step);
    summary::custom_scalars({{"Losses", {summary::multiline_chart{"all", {"lo.*"}}}}});
    if (i != 2) {
      using enum summary::session_status;
      summary::hparams_end(i == 0 ? success : failure);
    }
  }
}

/// A run whose first writer was stopped in the middle of an event, and that was taken up again.
void write_restarted(std::string const& directory) {
  auto const log = [&](std::int64_t begin, std::int64_t end) {
    auto const writer = summary::create_file_writer(directory);
    for (std::int64_t step = begin; step < end; ++step) summary::scalar(writer, "loss", step, step);
    return writer.status().path;
  };
  auto const torn = log(0, 5);
  std::filesystem::resize_file(torn, std::filesystem::file_size(torn) - 3);
  log(4, 10);
}

/// A run that went on to step 8, and twice was taken up again before that.
void write_resumed(std::string const& directory) {
  for (std::int64_t const begin : {0, 5, 3}) {
    auto const writer = summary::create_file_writer(directory, {.resume_step = begin});
    for (std::int64_t step = begin; step < (begin == 3 ? 10 : 8); ++step) {
      auto const value = begin == 3 || step < 3 ? step : -1;
      summary::scalar(writer, "simple", value, step);
      summary::scalar(writer, "tensor", value, step, {.style = summary::scalar_style::tensor});
      if (begin != 3 && step > 3) summary::scalar(writer, "left behind", value, step);
    }
  }
}

/// Two writers at the same time in one directory.
void write_together(std::string const& directory) {
  auto const first = summary::create_file_writer(directory);
  auto const second = summary::create_file_writer(directory);
  for (std::int64_t step = 0; step < 10; ++step) {
    summary::scalar(first, "first", step, step);
    summary::scalar(second, "second", step, step);
  }
}

/// An experiment on its own: it would hide what the sweep has.
void write_experiment(std::string const& directory) {
  summary::hparams_config(
      summary::create_file_writer(directory),
      {.hparams = {{.name = "rate", .domain = summary::hparam_interval{0.0, 1.0}},
                   {.name = "optimizer",
                    .domain = std::vector<summary::hparam_value>{"adam", "sgd"},
                    .display_name = "Optimizer"}},
       .metrics = {{.tag = "loss", .display_name = "Loss"}},
       .description = "an experiment"});
  auto const writer = summary::create_file_writer(directory + "/run");
  summary::hparams(writer, {{"rate", 0.5}, {"optimizer", "sgd"}});
  summary::scalar(writer, "loss", 0.25, 3);
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::cerr << "usage: write_runs DIRECTORY\n";
    return 2;
  }
  std::string const directory = arguments[1];
  write_scalars(directory + "/all/scalars");
  write_texts(directory + "/all/texts");
  write_tensors(directory + "/all/tensors");
  write_records(directory + "/all/records");
  write_histograms(directory + "/all/histograms");
  write_pr_curves(directory + "/all/curves");
  write_images(directory + "/all/images");
  write_audio(directory + "/all/audio");
  write_meshes(directory + "/all/meshes");
  write_graph(directory + "/all/graph");
  write_embeddings(directory + "/all/embeddings");
  write_sweep(directory + "/all/sweep");
  write_restarted(directory + "/all/restarted");
  write_resumed(directory + "/all/resumed");
  write_together(directory + "/all/together");
  write_experiment(directory + "/experiment");
}
