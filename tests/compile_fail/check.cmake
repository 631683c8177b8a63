# SPDX-License-Identifier: MIT
# Compiles CASE twice. With -DFIXED it must compile: the one mistake is all that is wrong with it.
# Without, it must not: the first error must be what the first line (`// expect: <regex>`) asks for,
# the only one if it is the library's own, and the whole message must have at most max_lines lines.
# `// first: <regex>` asks of the first error only: for a mistake in the grammar, after which a
# compiler goes on as it likes.
# A second line, `// shows: <regex>`, is what some line of the message must have.
set(max_lines 60)

file(STRINGS ${CASE} first_lines LIMIT_COUNT 2)
list(POP_FRONT first_lines first_line second_line)
if(NOT first_line MATCHES "^// (expect|first): (.+)$")
  message(FATAL_ERROR "${CASE}: the first line is not `// expect: <regex>`")
endif()
set(asked "${CMAKE_MATCH_1}")
set(expected "${CMAKE_MATCH_2}")
set(shown "")
if(second_line MATCHES "^// shows: (.+)$")
  string(REPLACE ".*" "[^\n]*" shown "${CMAKE_MATCH_1}")
endif()

list(TRANSFORM INCLUDES PREPEND -I)
set(compile ${COMPILER} -std=c++20 -fsyntax-only ${INCLUDES} ${CASE})
execute_process(COMMAND ${compile} -DFIXED RESULT_VARIABLE failed ERROR_VARIABLE text)
if(failed)
  message(FATAL_ERROR "Without its mistake the case must compile:\n${text}")
endif()

execute_process(COMMAND ${compile} RESULT_VARIABLE failed ERROR_VARIABLE text)
if(NOT failed)
  message(FATAL_ERROR "The case compiles; expected: ${expected}")
endif()
string(REGEX MATCH "[^\n]*error: [^\n]*" first_error "${text}")
if(NOT first_error MATCHES "${expected}")
  message(FATAL_ERROR "Expected: ${expected}\nThe compiler said:\n${text}")
endif()
if(NOT text MATCHES "${shown}")
  message(FATAL_ERROR "Not shown: ${shown}\nThe compiler said:\n${text}")
endif()
if(asked STREQUAL "first")
  return()
endif()
string(REGEX MATCHALL " error: " errors "${text}")
list(LENGTH errors count)
if(expected MATCHES "^trainlog: " AND NOT count EQUAL 1)
  message(FATAL_ERROR "${count} errors of one mistake:\n${text}")
endif()
string(REGEX MATCHALL "\n" lines "${text}")
list(LENGTH lines count)
if(count GREATER max_lines)
  message(FATAL_ERROR "${count} lines where ${max_lines} are the limit:\n${text}")
endif()
message("${count} lines")
