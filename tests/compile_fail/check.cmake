# SPDX-License-Identifier: MIT
# Compiles CASE twice. With -DFIXED it must compile: the one mistake is all that is wrong with it.
# Without, it must not: the first error must be what the first line (`// expect: <regex>`) asks for,
# and the whole message must have at most max_lines lines.
set(max_lines 120)

file(STRINGS ${CASE} first_line LIMIT_COUNT 1)
if(NOT first_line MATCHES "^// expect: (.+)$")
  message(FATAL_ERROR "${CASE}: the first line is not `// expect: <regex>`")
endif()
set(expected "${CMAKE_MATCH_1}")

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
string(REGEX MATCHALL "\n" lines "${text}")
list(LENGTH lines count)
if(count GREATER max_lines)
  message(FATAL_ERROR "${count} lines where ${max_lines} are the limit:\n${text}")
endif()
message("${count} lines")
