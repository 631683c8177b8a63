// SPDX-License-Identifier: MIT
// What a run is asked to do, and what it logs.
#ifndef TRAINLOG_EXAMPLES_DIGITS_RECORDS_HPP
#define TRAINLOG_EXAMPLES_DIGITS_RECORDS_HPP

#include <trainlog/record.hpp>

#include <cstdint>

/// What the run is asked to do. The same settings give the same network.
struct Settings {
  std::int64_t epochs = 20;
  std::int64_t batch_size = 32;
  std::int64_t hidden_units = 64;
  float learning_rate = 0.1F;  // of the first step; it follows a cosine down to 0
  float momentum = 0.9F;
  std::uint64_t seed = 1998;
  TRAINLOG_RECORD(Settings, epochs, batch_size, hidden_units, learning_rate, momentum, seed)
};

/// How well the network did on some images.
struct Scores {
  float loss = 0;
  float accuracy = 0;  // computed
  std::int64_t correct = 0;
  std::int64_t images = 0;

  /// A stored computed value. trainlog calls this when it makes Scores: make, replace, load.
  void post_init() {
    if (images > 0) accuracy = static_cast<float>(correct) / static_cast<float>(images);
  }

  /// A computed value that need not be stored is a function.
  float error_rate() const { return 1.0F - accuracy; }

  TRAINLOG_RECORD(Scores, loss, accuracy, correct, images)
};
TRAINLOG_META(Scores, loss, unit("nats"), doc("mean cross entropy, in nats"), goal(minimize))
TRAINLOG_META(Scores, accuracy, doc("correct / images"), goal(maximize), ge(0), le(1))
TRAINLOG_META(Scores, correct, doc("images recognised"), ge(0), repr(false))
TRAINLOG_META(Scores, images, doc("images looked at"), ge(0), repr(false))

/// One epoch of training. Its numbers are called train/loss, test/accuracy ... in TensorBoard.
struct EpochLog {
  std::int64_t epoch = 0;
  Scores train;
  Scores test;
  float learning_rate = 0;
  float grad_norm = 0;
  float seconds = 0;
  TRAINLOG_RECORD(EpochLog, epoch, train, test, learning_rate, grad_norm, seconds)
};
TRAINLOG_META(EpochLog, epoch, summary(false))  // it is the step
TRAINLOG_META(EpochLog, train, doc("of the steps, each before it was taken"))
TRAINLOG_META(EpochLog, test, doc("of the images held out, after the last step"))
TRAINLOG_META(EpochLog, learning_rate, doc("of the last step"))
TRAINLOG_META(EpochLog, grad_norm, doc("mean length of the steps' gradients"))
TRAINLOG_META(EpochLog, seconds, unit("s"), compare(false))  // equal runs may differ in speed

/// One step of gradient descent: made once, never changed, kept by the thousand.
TRAINLOG_NAMEDTUPLE(StepLog, (std::int64_t, step), (std::int64_t, epoch), (float, loss),
                    (std::int64_t, correct), (float, learning_rate), (float, grad_norm))
TRAINLOG_META(StepLog, loss, unit("nats"), doc("mean cross entropy of the batch, before the step"))
TRAINLOG_META(StepLog, correct, doc("images of the batch recognised, before the step"))

#endif
