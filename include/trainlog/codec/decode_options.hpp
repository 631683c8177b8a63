// SPDX-License-Identifier: MIT
// What a decoder of text does about fields that are in the text or the record, but not in both.
#ifndef TRAINLOG_CODEC_DECODE_OPTIONS_HPP
#define TRAINLOG_CODEC_DECODE_OPTIONS_HPP

namespace trainlog {

/// Fields in the text that the record does not have.
enum class unknown_fields : unsigned char {
  ignore,  ///< are passed over, however deep they are
  error,   ///< are an error
};

/// Fields of the record that are not in the text.
enum class missing_fields : unsigned char {
  use_default,  ///< keep their default; an error if they have none or are required()
  error,        ///< are an error
};

/// How text is decoded.
struct decode_options {
  unknown_fields unknown = unknown_fields::ignore;
  missing_fields missing = missing_fields::use_default;
};

}  // namespace trainlog

#endif
