# SPDX-License-Identifier: MIT
# Links LIBRARY with hidden symbols; every exception's type must be visible in it all the same.
execute_process(
  COMMAND ${COMPILER} -std=c++20 -fPIC -shared -fvisibility=hidden -I ${INCLUDE} ${LIBRARY} -o
          ${OUTPUT} COMMAND_ERROR_IS_FATAL ANY
)
execute_process(COMMAND ${NM} -D ${OUTPUT} OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
foreach(type 5error 16validation_error 12decode_error 12schema_error 8io_error)
  if(NOT symbols MATCHES "_ZTIN8trainlog${type}E")
    message(FATAL_ERROR "${type} is hidden:\n${symbols}")
  endif()
endforeach()
