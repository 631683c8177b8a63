// SPDX-License-Identifier: MIT
// Schemas: a record's description as a value, its JSON Schema, and reading rows of another schema.
#ifndef TRAINLOG_SCHEMA_HPP
#define TRAINLOG_SCHEMA_HPP

#include "trainlog/detail/language.hpp"

#include "trainlog/record.hpp"
#include "trainlog/schema/evolution.hpp"
#include "trainlog/schema/json_schema.hpp"
#include "trainlog/schema/json_value.hpp"
#include "trainlog/schema/schema.hpp"
#include "trainlog/schema/schema_of.hpp"

#endif
