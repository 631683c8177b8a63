// SPDX-License-Identifier: MIT
// Scalars and histograms for TensorBoard, in the manner of tf.summary: docs/from-python.md has this
// program in Python beside it. It writes into the directory logs.

#include <cmath>
#include <cstddef>
#include <iostream>
#include <vector>

#include <trainlog/trainlog.hpp>

namespace summary = trainlog::summary;

int main() {
  std::vector<double> weights(1000);
  for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = std::sin(i);

  auto const writer = summary::create_file_writer("logs");
  {
    auto const scope = writer.as_default();
    for (int epoch = 1; epoch < 6; ++epoch) {
      double const loss = 1.0 / (epoch + 1);
      double const accuracy = 1.0 - loss / 2;
      for (double& weight : weights) weight += 0.1 * loss;

      summary::scalar("loss", loss, epoch);
      summary::scalar("accuracy", accuracy, epoch);
      summary::histogram("weights", weights, epoch);
      std::cout << "epoch " << epoch << ": loss " << trainlog::repr(loss) << ", accuracy "
                << trainlog::repr(accuracy) << '\n';
    }
  }
  writer.close();
  std::cout << "to see it: tensorboard --logdir logs\n";
}
