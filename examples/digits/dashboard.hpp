// SPDX-License-Identifier: MIT
// What TensorBoard shows of the training: everything that is logged for looking at is logged here.
#ifndef TRAINLOG_EXAMPLES_DIGITS_DASHBOARD_HPP
#define TRAINLOG_EXAMPLES_DIGITS_DASHBOARD_HPP

#include "confusion.hpp"
#include "dataset.hpp"
#include "mlp.hpp"
#include "records.hpp"

#include <trainlog/record.hpp>
#include <trainlog/summary.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace digits {

namespace summary = trainlog::summary;

/// Writes event files into a directory, about a network and the images that were held out.
class dashboard {
 public:
  dashboard(std::string const& directory, Settings const& settings, mlp& network,
            std::span<image const> images)
      : writer_{summary::create_file_writer(directory)}, network_{network}, images_{images} {
    auto const scope = writer_.as_default(0);
    summary::hparams(settings);
    summary::text("run", "A **multilayer perceptron** learns to read handwritten digits.\n\n`" +
                             trainlog::repr(settings) + "`");
    summary::custom_scalars(
        {{"Train and test",
          {summary::multiline_chart{"loss", {"train/loss", "test/loss"}},
           summary::multiline_chart{"accuracy", {"train/accuracy", "test/accuracy"}}}}});
    summary::image("samples", [&] { return view_of_images(); }, {}, {.max_outputs = 8});
    summary::graph([&] { return graph_of_network(); });
  }

  /// Called after each epoch.
  void show_epoch(EpochLog const& log) {
    auto const scope = writer_.as_default(log.epoch);
    summary::record(log);
    show_layer("hidden", network_.hidden());
    show_layer("output", network_.output());
    show_recognition();
  }

  /// Called when the training is over.
  void show_end(std::vector<EpochLog> const& epochs, bool is_good) {
    auto const scope = writer_.as_default(epochs.back().epoch);
    show_embedding();
    summary::text("results", [&] { return table_of(epochs); });
    summary::hparams_end(is_good ? summary::session_status::success
                                 : summary::session_status::failure);
  }

  /// False if events were lost: the disk was full.
  bool close() { return writer_.close(); }

 private:
  static void show_layer(std::string_view name, dense const& layer) {
    summary::name_scope const scope(name);
    summary::histogram("weights", layer.parameters(), {}, {.description = "and biases"});
    summary::histogram("gradients", layer.gradients(), {}, {.description = "of the last step"});
  }

  /// Which digits are taken for which, and how well one is told from the others.
  void show_recognition() {
    confusion_matrix counts{};
    std::vector<bool> is_eight;
    std::vector<float> probability_of_eight;
    for (image const& one : images_) {
      ++counts[one.digit][network_.recognise(one)];
      is_eight.push_back(one.digit == 8);
      probability_of_eight.push_back(network_.probabilities()[8]);
    }
    confusion_picture const drawn{counts};
    auto const size = confusion_picture::size;
    summary::image("confusion", summary::image_view(drawn.pixels(), {size, size, 3}), {},
                   {.description = "A row a digit, a column what it was taken for: how often."});
    summary::pr_curve("eight", is_eight, probability_of_eight, {},
                      {.description = "The digit 8 against the others."});
  }

  /// The hidden layer's activations: the network moves the images of a digit close together.
  void show_embedding() {
    std::vector<float> activations;
    std::vector<std::string> labels;
    for (image const& one : images_) {
      network_.recognise(one);
      auto const hidden = network_.activations();
      activations.insert(activations.end(), hidden.begin(), hidden.end());
      labels.push_back(std::to_string(one.digit));
    }
    auto const units = network_.hidden().outputs();
    summary::embedding("hidden", summary::embedding_view(activations, {images_.size(), units}), {},
                       {.labels = labels, .images = view_of_images()});
  }

  summary::graph_builder graph_of_network() const {
    summary::graph_builder graph;
    graph.add({.name = "pixels", .op = "Placeholder", .output_shapes = {{-1, pixel_count}}});
    add_layer(graph, "hidden", network_.hidden(), "pixels", "Relu");
    add_layer(graph, "output", network_.output(), "hidden/Relu", "Softmax");
    return graph;
  }

  static void add_layer(summary::graph_builder& graph, std::string const& name, dense const& layer,
                        std::string const& input, std::string const& activation) {
    auto const add = [&](std::string const& op, std::vector<std::string> const& of) {
      std::string const node = name + "/" + op;
      graph.add({.name = node, .op = op, .inputs = of, .output_shapes = {{-1, layer.outputs()}}});
      return node;
    };
    std::string const weights = name + "/weights";
    std::string const bias = name + "/bias";
    graph.add(
        {.name = weights, .op = "Variable", .output_shapes = {{layer.inputs(), layer.outputs()}}});
    graph.add({.name = bias, .op = "Variable", .output_shapes = {{layer.outputs()}}});
    add(activation, {add("BiasAdd", {add("MatMul", {input, weights}), bias})});
  }

  /// All images, dark on white.
  summary::image_view view_of_images() {
    if (pixels_.empty()) {
      for (image const& one : images_) {
        for (float const ink : one.pixels) pixels_.push_back(1 - ink);
      }
    }
    return {pixels_, {images_.size(), image_side, image_side, 1}};
  }

  static std::string table_of(std::vector<EpochLog> const& epochs) {
    std::string table = "| epoch | train loss | test loss | test accuracy |\n|--:|--:|--:|--:|\n";
    for (EpochLog const& each : epochs) {
      table += "| " + std::to_string(each.epoch);
      for (float const number : {each.train.loss, each.test.loss, each.test.accuracy}) {
        table += " | " + trainlog::repr(number);
      }
      table += " |\n";
    }
    return table;
  }

  summary::writer writer_;
  mlp& network_;
  std::span<image const> images_;
  std::vector<float> pixels_;
};

}  // namespace digits

#endif
