# SPDX-License-Identifier: Apache-2.0
# Settings that all targets of this project share.
include_guard(GLOBAL)

# The language level of all: that of the SystemC in use, which a platform may have built for a later one.
set(NVDLA_CXX_STANDARD 17)
if(CMAKE_CXX_STANDARD)
  set(NVDLA_CXX_STANDARD ${CMAKE_CXX_STANDARD})
endif()

# Language level, warnings and sanitizers of one target; nothing of it reaches users of an installed library.
function(nvdla_configure_target target)
  target_compile_features(${target} PUBLIC cxx_std_17)
  # SystemC names its API version after the language level: the compiler's default must not raise it.
  set_target_properties(${target} PROPERTIES CXX_STANDARD ${NVDLA_CXX_STANDARD} CXX_STANDARD_REQUIRED ON
                                             CXX_EXTENSIONS OFF)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic)
  if(NVDLA_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  if(NVDLA_BUILD_FUZZERS)
    target_compile_options(${target} PRIVATE -fsanitize=fuzzer-no-link) # what libFuzzer is guided by
  endif()
  if(NVDLA_SANITIZE)
    # No red zones on the stack: an exception on a stack of SystemC's coroutines leaves them behind, and later
    # frames in the same place are reported. Heap, leaks (without SystemC) and undefined behaviour remain.
    target_compile_options(
      ${target} PRIVATE -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
                        $<$<CXX_COMPILER_ID:GNU>:SHELL:--param asan-stack=0>
                        $<$<CXX_COMPILER_ID:Clang>:SHELL:-mllvm -asan-stack=0>)
    target_compile_definitions(${target} PRIVATE _GLIBCXX_ASSERTIONS)
    target_link_options(${target} PUBLIC -fsanitize=address,undefined)
  endif()
endfunction()

# Library of every source in the current folder and below. What else it is told: SHARED, its type; SYSTEMC, it
# includes SystemC; HOT, tests spend most of their time in it: the sanitizers' is optimised, too (its headers are
# compiled by itself, as such options must not differ in them); PRINTS, it prints and parses once in a run, and is
# compiled in three quarters of the time.
function(nvdla_add_library target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "SHARED;SYSTEMC;HOT;PRINTS" "" "")
  set(type STATIC)
  if(arg_SHARED)
    set(type SHARED)
  endif()
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp ${CMAKE_CURRENT_SOURCE_DIR}/*.h)
  list(FILTER sources EXCLUDE REGEX "/(main\\.cpp|generator/.*)$")
  # A folder below with targets of its own.
  file(GLOB_RECURSE nested ${CMAKE_CURRENT_SOURCE_DIR}/*/CMakeLists.txt)
  foreach(list_file ${nested})
    get_filename_component(folder ${list_file} DIRECTORY)
    list(FILTER sources EXCLUDE REGEX "^${folder}/")
  endforeach()
  add_library(${target} ${type} ${sources})
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  nvdla_configure_target(${target})
  if(arg_HOT AND NVDLA_SANITIZE)
    target_compile_options(${target} PRIVATE -O1)
  endif()
  if(arg_PRINTS)
    target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
    target_precompile_headers(${target} PRIVATE ${NVDLA_HEADERS} <filesystem> <sstream>)
  elseif(TARGET nvdla_headers)
    if(arg_HOT)
      target_precompile_headers(${target} PRIVATE ${NVDLA_HEADERS})
    elseif(arg_SYSTEMC)
      target_precompile_headers(${target} REUSE_FROM nvdla_systemc_headers)
    else()
      target_precompile_headers(${target} REUSE_FROM nvdla_headers)
    endif()
  endif()
endfunction()

# Library of the model: installable, static or shared as BUILD_SHARED_LIBS says; its headers are found relative
# to tlm_model.
function(nvdla_add_model_library target)
  if(BUILD_SHARED_LIBS)
    nvdla_add_library(${target} SHARED ${ARGN})
  else()
    nvdla_add_library(${target} ${ARGN})
  endif()
  set_target_properties(${target} PROPERTIES INSTALL_RPATH "$ORIGIN" VERSION ${nvdla_tlm_VERSION}
                                             SOVERSION ${nvdla_tlm_VERSION_MAJOR}.${nvdla_tlm_VERSION_MINOR})
  add_library(nvdla::${target} ALIAS ${target})
  target_include_directories(
    ${target} PUBLIC $<BUILD_INTERFACE:${nvdla_tlm_SOURCE_DIR}/tlm_model>
                     $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/nvdla_tlm>)
  install(TARGETS ${target} EXPORT nvdla_tlmTargets
          ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT model
          LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT model)
endfunction()

# Library of a component beside the model (analysis; driver, which needs analysis): its headers are found
# relative to the top. `export`: the set of its targets.
function(nvdla_install_library target component export)
  add_library(nvdla::${target} ALIAS ${target})
  target_include_directories(${target} PUBLIC $<BUILD_INTERFACE:${nvdla_tlm_SOURCE_DIR}>
                                              $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/nvdla_tlm>)
  install(TARGETS ${target} EXPORT ${export}
          ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT ${component})
endfunction()
