# SPDX-License-Identifier: MIT
# Compiles SOURCES with COMPILE and a copy of the headers in INCLUDE, unit by unit; links; runs.
set(dir ${SCRATCH}/${NAME})
file(REMOVE_RECURSE ${dir})
file(COPY ${INCLUDE} DESTINATION ${dir}/third_party)
set(objects)
foreach(source IN LISTS SOURCES)
  string(MAKE_C_IDENTIFIER ${source} object)
  list(APPEND objects ${dir}/${object}.o)
  execute_process(
    COMMAND ${COMPILE} -I ${dir}/third_party -c ${source} -o ${dir}/${object}.o
            COMMAND_ERROR_IS_FATAL ANY
  )
endforeach()
execute_process(COMMAND ${COMPILE} ${objects} -o ${dir}/consumer COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${dir}/consumer WORKING_DIRECTORY ${dir} COMMAND_ERROR_IS_FATAL ANY)
