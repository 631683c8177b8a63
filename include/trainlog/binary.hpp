// SPDX-License-Identifier: MIT
// Binary snapshots: records as .tlog files, exact to the bit, with their schema inside.
#ifndef TRAINLOG_BINARY_HPP
#define TRAINLOG_BINARY_HPP

#include "trainlog/detail/language.hpp"

#include "trainlog/codec/blocks.hpp"
#include "trainlog/codec/row_decode.hpp"
#include "trainlog/codec/row_encode.hpp"
#include "trainlog/codec/row_evolve.hpp"
#include "trainlog/codec/row_skip.hpp"
#include "trainlog/codec/schema_bytes.hpp"
#include "trainlog/codec/snapshot.hpp"
#include "trainlog/record.hpp"
#include "trainlog/schema.hpp"

#endif
