# SPDX-License-Identifier: Apache-2.0
# SystemC names its interface after its version and the language level that it was built for: a program of
# another level does not link. Says so before the linker does.
include_guard(GLOBAL)
include(CheckCXXSourceCompiles)

set(CMAKE_REQUIRED_LIBRARIES nvdla::systemc)
set(CMAKE_REQUIRED_FLAGS ${CMAKE_CXX${NVDLA_CXX_STANDARD}_STANDARD_COMPILE_OPTION})
check_cxx_source_compiles("#include <systemc>\nint sc_main(int, char**) { return sc_core::sc_version()[0]; }"
                          NVDLA_SYSTEMC_LINKS_AS_CXX${NVDLA_CXX_STANDARD})
unset(CMAKE_REQUIRED_LIBRARIES)
unset(CMAKE_REQUIRED_FLAGS)
if(NOT NVDLA_SYSTEMC_LINKS_AS_CXX${NVDLA_CXX_STANDARD})
  message(FATAL_ERROR
    "SystemC ${NVDLA_SYSTEMC_VERSION} was found, but a C++${NVDLA_CXX_STANDARD} program does not link with it. "
    "It was built for another language level: set CMAKE_CXX_STANDARD to that (17 or later).")
endif()
message(STATUS "SystemC ${NVDLA_SYSTEMC_VERSION}, C++${NVDLA_CXX_STANDARD}")
