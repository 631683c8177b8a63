# SPDX-License-Identifier: MIT
# Installs the build in BUILD into FIRST and moves that to PREFIX; FIRST is gone afterwards.
file(REMOVE_RECURSE ${FIRST} ${PREFIX})
execute_process(
  COMMAND ${CMAKE_COMMAND} --install ${BUILD} --prefix ${FIRST} COMMAND_ERROR_IS_FATAL ANY
)
file(RENAME ${FIRST} ${PREFIX})
file(GLOB_RECURSE files ${PREFIX}/share/*.cmake)
foreach(file IN LISTS files)
  file(READ ${file} text)
  string(FIND "${text}" "${FIRST}" at)
  if(NOT at EQUAL -1)
    message(FATAL_ERROR "${file} names the place it was first installed to")
  endif()
endforeach()
