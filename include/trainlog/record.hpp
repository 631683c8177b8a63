// SPDX-License-Identifier: MIT
// Records: declare them, read their fields, print, compare, copy with changes. No JSON, no files.
#ifndef TRAINLOG_RECORD_HPP
#define TRAINLOG_RECORD_HPP

#include "trainlog/detail/language.hpp"

#include "trainlog/record/access.hpp"
#include "trainlog/record/asdict.hpp"
#include "trainlog/record/compare.hpp"
#include "trainlog/record/declare.hpp"
#include "trainlog/record/descriptor.hpp"
#include "trainlog/record/dict.hpp"
#include "trainlog/record/enum.hpp"
#include "trainlog/record/error.hpp"
#include "trainlog/record/field_access.hpp"
#include "trainlog/record/frozen.hpp"
#include "trainlog/record/hash.hpp"
#include "trainlog/record/make.hpp"
#include "trainlog/record/meta.hpp"
#include "trainlog/record/namedtuple.hpp"
#include "trainlog/record/names.hpp"
#include "trainlog/record/repr.hpp"
#include "trainlog/record/seconds.hpp"
#include "trainlog/record/time.hpp"
#include "trainlog/record/traits.hpp"
#include "trainlog/record/unpack.hpp"
#include "trainlog/record/validate.hpp"
#include "trainlog/record/value.hpp"

#endif
