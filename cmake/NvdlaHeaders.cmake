# SPDX-License-Identifier: Apache-2.0
# Reading headers is a third of a compilation: those that half of the sources include are compiled once. Not where
# this project is part of another, which is also what shows that an installed source includes what it needs.
include_guard(GLOBAL)

set(NVDLA_HEADERS <algorithm> <array> <cstdint> <functional> <map> <memory> <optional> <stdexcept> <string> <vector>)

function(nvdla_add_headers target)  # nvdla_add_headers(TARGET HEADER...)
  set(source ${CMAKE_CURRENT_BINARY_DIR}/${target}.cpp)
  file(CONFIGURE OUTPUT ${source} CONTENT "// What the compiled headers belong to.\n")
  add_library(${target} OBJECT ${source})
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  nvdla_configure_target(${target})
  target_precompile_headers(${target} PRIVATE ${ARGN})
endfunction()

if(PROJECT_IS_TOP_LEVEL)
  nvdla_add_headers(nvdla_headers ${NVDLA_HEADERS})
  nvdla_add_headers(nvdla_systemc_headers ${NVDLA_HEADERS} <systemc> <tlm>)
  target_link_libraries(nvdla_systemc_headers PRIVATE nvdla::systemc)
endif()
