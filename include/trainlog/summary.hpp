// SPDX-License-Identifier: MIT
// Summaries: tf.summary in C++, event files that TensorBoard shows.
#ifndef TRAINLOG_SUMMARY_HPP
#define TRAINLOG_SUMMARY_HPP

#include "trainlog/detail/language.hpp"

#include "trainlog/summary/audio.hpp"
#include "trainlog/summary/context.hpp"
#include "trainlog/summary/custom_scalars.hpp"
#include "trainlog/summary/embedding.hpp"
#include "trainlog/summary/event_reader.hpp"
#include "trainlog/summary/graph.hpp"
#include "trainlog/summary/graph_builder.hpp"
#include "trainlog/summary/histogram.hpp"
#include "trainlog/summary/histogram_builder.hpp"
#include "trainlog/summary/histogram_raw.hpp"
#include "trainlog/summary/hparams.hpp"
#include "trainlog/summary/hparams_config.hpp"
#include "trainlog/summary/image.hpp"
#include "trainlog/summary/keras_model.hpp"
#include "trainlog/summary/mesh.hpp"
#include "trainlog/summary/options.hpp"
#include "trainlog/summary/pr_curve.hpp"
#include "trainlog/summary/pr_curve_builder.hpp"
#include "trainlog/summary/raw.hpp"
#include "trainlog/summary/read_scalars.hpp"
#include "trainlog/summary/read_tags.hpp"
#include "trainlog/summary/record.hpp"
#include "trainlog/summary/run_files.hpp"
#include "trainlog/summary/run_metadata.hpp"
#include "trainlog/summary/scalar.hpp"
#include "trainlog/summary/tensor.hpp"
#include "trainlog/summary/text.hpp"
#include "trainlog/summary/writer.hpp"

#endif
