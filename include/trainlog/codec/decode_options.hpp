// SPDX-License-Identifier: MIT
// What a decoder does about fields that are in the text or file, or in the record, but not in both.
#ifndef TRAINLOG_CODEC_DECODE_OPTIONS_HPP
#define TRAINLOG_CODEC_DECODE_OPTIONS_HPP

namespace trainlog {

/// Fields in the text or file that the record does not have.
enum class unknown_fields : unsigned char {
  ignore,  ///< are passed over, however deep they are
  error,   ///< are an error
};

/// Fields of the record that are not in the text or file.
enum class missing_fields : unsigned char {
  use_default,  ///< keep their default; an error if they have none or are required()
  error,        ///< are an error
};

/// How fields are matched when records are read.
struct decode_options {
  unknown_fields unknown = unknown_fields::ignore;
  missing_fields missing = missing_fields::use_default;
};

}  // namespace trainlog

#endif
