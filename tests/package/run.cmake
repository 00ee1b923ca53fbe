# SPDX-License-Identifier: Apache-2.0
# Installs the model from BUILD_DIR below WORK_DIR and uses it from outside of the tree, as MODE says:
#   find_package      examples built with CMake, run
#   pkg_config        the platform example built with one call of the compiler, run
#   add_subdirectory  examples with the source tree as a sub-project and shared libraries, run
#   program           nvdla-vp with what it loads, run
function(run)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "failed (${result}): ${ARGV}")
  endif()
endfunction()

set(prefix ${WORK_DIR}/${MODE}/prefix)
set(build ${WORK_DIR}/${MODE}/build)
file(REMOVE_RECURSE ${WORK_DIR}/${MODE})
file(MAKE_DIRECTORY ${build})
set(configure ${CMAKE_COMMAND} -S ${SOURCE_DIR}/examples -B ${build} -G ${GENERATOR} -DCMAKE_CXX_COMPILER=${CXX}
              -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_STANDARD=${STANDARD} -DSYSTEMC_HOME=${SYSTEMC_HOME})
if(SYSTEMC_PACKAGE)
  list(APPEND configure -DSystemCLanguage_DIR=${SYSTEMC_PACKAGE})
endif()

if(MODE STREQUAL "program")
  run(${CMAKE_COMMAND} --install ${BUILD_DIR} --prefix ${prefix} --component platform)
  run(${prefix}/bin/nvdla-vp replay ${SOURCE_DIR}/firmware_traces/lenet_nv_full_int8/input.txn.gz --systemc)
  return()
endif()

if(MODE STREQUAL "add_subdirectory")
  # All of it is compiled once more, to see that it is: not for speed, and by clang++ where it is there.
  find_program(other clang++)
  if(other)
    list(APPEND configure -DCMAKE_CXX_COMPILER=${other})
  endif()
  run(${configure} -DNVDLA_TLM_SOURCE=${SOURCE_DIR} -DBUILD_SHARED_LIBS=ON -DCMAKE_CXX_FLAGS_RELEASE=-O0)
else()
  run(${CMAKE_COMMAND} --install ${BUILD_DIR} --prefix ${prefix} --component model)
  run(${CMAKE_COMMAND} --install ${BUILD_DIR} --prefix ${prefix} --component analysis)
  run(${CMAKE_COMMAND} --install ${BUILD_DIR} --prefix ${prefix} --component driver)
  # No leaks of the source tree into the package.
  file(GLOB_RECURSE package_files ${prefix}/*.cmake ${prefix}/*.pc)
  foreach(file ${package_files})
    file(READ ${file} text)
    string(FIND "${text}" "${SOURCE_DIR}/" found)
    if(NOT found EQUAL -1)
      message(FATAL_ERROR "${file} mentions the source tree")
    endif()
  endforeach()
endif()

if(MODE STREQUAL "pkg_config")
  file(GLOB_RECURSE pc ${prefix}/*nvdla_tlm.pc)
  get_filename_component(directory ${pc} DIRECTORY)
  set(ENV{PKG_CONFIG_PATH} "${directory}:$ENV{PKG_CONFIG_PATH}")
  execute_process(COMMAND pkg-config --cflags --libs nvdla_tlm OUTPUT_VARIABLE flags
                  OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  separate_arguments(flags)
  run(${CXX} -std=c++${STANDARD} ${SOURCE_DIR}/examples/platform/main.cpp -o ${build}/nvdla_example ${flags})
  run(${build}/nvdla_example)
  return()
endif()

if(MODE STREQUAL "find_package")
  run(${configure} -DCMAKE_PREFIX_PATH=${prefix})
endif()
run(${CMAKE_COMMAND} --build ${build})
run(${build}/platform/nvdla_example)
if(MODE STREQUAL "find_package")
  run(${build}/lenet/nvdla_lenet ${SOURCE_DIR}/examples/lenet)
  # Without SystemC, by itself.
  run(${CMAKE_COMMAND} -S ${SOURCE_DIR}/examples/analysis -B ${build}/alone -G ${GENERATOR}
      -DCMAKE_CXX_COMPILER=${CXX} -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH=${prefix}
      -DCMAKE_DISABLE_FIND_PACKAGE_SystemCLanguage=ON)
  run(${CMAKE_COMMAND} --build ${build}/alone)
  run(${build}/alone/nvdla_designs ${SOURCE_DIR}/firmware_traces/lenet_nv_full_int8/input.txn.gz)
endif()
# The platforms of other kits, where their sources are given in the environment (examples/CMakeLists.txt).
if(EXISTS ${build}/vcml/nvdla_vcml_platform)
  run(${build}/vcml/nvdla_vcml_platform)
endif()
if(EXISTS ${build}/plugin/nvdla_plugin_host)
  run(${build}/plugin/nvdla_plugin_host ${build}/plugin/nvdla_plugin.so)
endif()
