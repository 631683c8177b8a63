// SPDX-License-Identifier: MIT
// CSV: records as rows under a header.
#ifndef TRAINLOG_CSV_HPP
#define TRAINLOG_CSV_HPP

#include "trainlog/detail/language.hpp"

#include "trainlog/codec/csv_read.hpp"
#include "trainlog/codec/csv_write.hpp"
#include "trainlog/codec/decode_options.hpp"
#include "trainlog/codec/save_load.hpp"
#include "trainlog/record.hpp"

#endif
