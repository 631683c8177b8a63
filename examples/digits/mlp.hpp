// SPDX-License-Identifier: MIT
// A multilayer perceptron: dense layers, ReLU, softmax, stochastic gradient descent with momentum.
#ifndef TRAINLOG_EXAMPLES_DIGITS_MLP_HPP
#define TRAINLOG_EXAMPLES_DIGITS_MLP_HPP

#include "dataset.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace digits {

/// The inner product of a and b, n numbers each.
inline float dot(float const* a, float const* b, std::size_t n) {
  float sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += a[i] * b[i];
  return sum;
}

/// y += a * x, n numbers each.
inline void add_scaled(float* y, float a, float const* x, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) y[i] += a * x[i];
}

/// Turns scores into probabilities: positive, and 1 in sum.
inline void softmax(std::vector<float>& scores) {
  float const highest = *std::max_element(scores.begin(), scores.end());
  float sum = 0;
  for (float& score : scores) sum += score = std::exp(score - highest);
  for (float& score : scores) score /= sum;
}

/// outputs = weights * inputs + bias. A unit is a row of parameters: its weights, then its bias.
class dense {
 public:
  dense(std::size_t inputs, std::size_t outputs, generator& random)
      : inputs_{inputs}, outputs_{outputs}, parameters_((inputs + 1) * outputs) {
    float const bound = std::sqrt(6.0F / static_cast<float>(inputs));  // He et al. 2015, uniform
    for (std::size_t unit = 0; unit < outputs; ++unit) {
      float* weights = &parameters_[row(unit)];
      std::generate_n(weights, inputs, [&] { return random.uniform(-bound, bound); });
    }
    gradients_.resize(parameters_.size());
    velocities_.resize(parameters_.size());
  }

  void forward(float const* input, std::vector<float>& output) const {
    output.resize(outputs_);
    for (std::size_t unit = 0; unit < outputs_; ++unit) {
      float const* weights = &parameters_[row(unit)];
      output[unit] = dot(weights, input, inputs_) + weights[inputs_];
    }
  }

  /// Adds to the gradients what one image says: `slope` is the loss's derivative by each output.
  void backward(float const* input, std::vector<float> const& slope) {
    for (std::size_t unit = 0; unit < outputs_; ++unit) {
      float* gradient = &gradients_[row(unit)];
      add_scaled(gradient, slope[unit], input, inputs_);
      gradient[inputs_] += slope[unit];
    }
  }

  /// The loss's derivative by each input, from that by each output.
  void slope_of_inputs(std::vector<float> const& slope, std::vector<float>& result) const {
    result.assign(inputs_, 0.0F);
    for (std::size_t unit = 0; unit < outputs_; ++unit) {
      add_scaled(result.data(), slope[unit], &parameters_[row(unit)], inputs_);
    }
  }

  float squared_gradient() const {
    return dot(gradients_.data(), gradients_.data(), gradients_.size());
  }

  void clear_gradients() { std::fill(gradients_.begin(), gradients_.end(), 0.0F); }

  /// Steps along the gradients.
  void update(float learning_rate, float momentum) {
    for (float& velocity : velocities_) velocity *= momentum;
    add_scaled(velocities_.data(), -learning_rate, gradients_.data(), gradients_.size());
    add_scaled(parameters_.data(), 1.0F, velocities_.data(), velocities_.size());
  }

  std::size_t inputs() const { return inputs_; }
  std::size_t outputs() const { return outputs_; }
  std::span<float const> parameters() const { return parameters_; }
  std::span<float const> gradients() const { return gradients_; }

 private:
  std::size_t row(std::size_t unit) const { return unit * (inputs_ + 1); }

  std::size_t inputs_;
  std::size_t outputs_;
  std::vector<float> parameters_;
  std::vector<float> gradients_;
  std::vector<float> velocities_;
};

/// What a network made of some images.
struct score {
  float loss = 0;            // mean cross entropy, in nats
  float grad_norm = 0;       // length of the mean gradient; 0 where nothing was trained
  std::int64_t correct = 0;  // images whose digit was the most probable
};

/// 64 pixels -> ReLU units -> probabilities of the 10 digits.
class mlp {
 public:
  mlp(std::size_t units, generator& random)
      : hidden_{pixel_count, units, random}, output_{units, class_count, random} {}

  /// One step of gradient descent on the mean loss of the batch; scores are from before the step.
  score train(std::span<image const> batch, float learning_rate, float momentum) {
    score result;
    hidden_.clear_gradients();
    output_.clear_gradients();
    for (image const& one : batch) {
      look_at(one, result);
      learn_from(one, 1.0F / static_cast<float>(batch.size()));
    }
    result.loss /= static_cast<float>(batch.size());
    result.grad_norm = std::sqrt(hidden_.squared_gradient() + output_.squared_gradient());
    hidden_.update(learning_rate, momentum);
    output_.update(learning_rate, momentum);
    return result;
  }

  score evaluate(std::span<image const> images) {
    score result;
    for (image const& one : images) look_at(one, result);
    result.loss /= static_cast<float>(images.size());
    return result;
  }

  /// The digit that is the most probable.
  std::size_t recognise(image const& one) {
    hidden_.forward(one.pixels.data(), activations_);
    for (float& activation : activations_) activation = std::max(activation, 0.0F);
    output_.forward(activations_.data(), probabilities_);
    softmax(probabilities_);
    auto const best = std::max_element(probabilities_.begin(), probabilities_.end());
    return static_cast<std::size_t>(best - probabilities_.begin());
  }

  /// Of the image that was looked at last: the hidden units, and the digits' probabilities.
  std::span<float const> activations() const { return activations_; }
  std::span<float const> probabilities() const { return probabilities_; }

  dense const& hidden() const { return hidden_; }
  dense const& output() const { return output_; }
  std::size_t parameter_count() const {
    return hidden_.parameters().size() + output_.parameters().size();
  }

 private:
  void look_at(image const& one, score& total) {
    if (recognise(one) == one.digit) ++total.correct;
    total.loss -= std::log(std::max(probabilities_[one.digit], 1e-30F));
  }

  /// Back-propagation for the image that was looked at last.
  void learn_from(image const& one, float weight) {
    slope_ = probabilities_;  // of cross entropy after softmax: probability - target
    slope_[one.digit] -= 1.0F;
    for (float& slope : slope_) slope *= weight;
    output_.backward(activations_.data(), slope_);

    output_.slope_of_inputs(slope_, hidden_slope_);
    for (std::size_t unit = 0; unit < activations_.size(); ++unit) {
      if (activations_[unit] <= 0.0F) hidden_slope_[unit] = 0.0F;
    }
    hidden_.backward(one.pixels.data(), hidden_slope_);
  }

  dense hidden_;
  dense output_;
  std::vector<float> activations_, probabilities_;  // of the image looked at
  std::vector<float> slope_, hidden_slope_;
};

}  // namespace digits

#endif
