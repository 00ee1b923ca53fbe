# SPDX-License-Identifier: Apache-2.0
# Register tables from the project's data files, at build time.
include_guard(GLOBAL)

set(NVDLA_REGISTERS_DIR ${CMAKE_CURRENT_LIST_DIR}/../tlm_model/registers)

# Adds the generated tables of every map in tlm_model/registers/data to `target`.
function(nvdla_generate_registers target)
  if(NOT TARGET nvdla_register_generator)
    find_package(nlohmann_json 3.7 REQUIRED)
    add_executable(nvdla_register_generator ${NVDLA_REGISTERS_DIR}/generator/generate_registers.cpp)
    target_compile_features(nvdla_register_generator PRIVATE cxx_std_17)
    target_link_libraries(nvdla_register_generator PRIVATE nlohmann_json::nlohmann_json)
    # Runs twice in a build.
    target_compile_options(nvdla_register_generator PRIVATE -Wall -Wextra -Wpedantic $<$<CONFIG:Release>:-Og>)
  endif()
  foreach(map nv_full nv_small)
    set(data ${NVDLA_REGISTERS_DIR}/data/${map}.json)
    set(table ${CMAKE_CURRENT_BINARY_DIR}/generated/${map}_registers.cpp)
    add_custom_command(
      OUTPUT ${table}
      COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_CURRENT_BINARY_DIR}/generated
      COMMAND nvdla_register_generator ${data} ${table}
      DEPENDS ${data} nvdla_register_generator
      COMMENT "Generating register tables of ${map}"
      VERBATIM)
    target_sources(${target} PRIVATE ${table})
  endforeach()
endfunction()
