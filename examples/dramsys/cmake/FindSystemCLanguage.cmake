# SPDX-License-Identifier: Apache-2.0
# DRAMSys asks for SystemC's CMake package, which Debian's libsystemc-dev does not have: the SystemC that NVDLA
# is built with serves.
find_package(SystemCLanguage CONFIG QUIET)
if(NOT TARGET SystemC::systemc)
  add_library(SystemC::systemc INTERFACE IMPORTED GLOBAL)
  target_link_libraries(SystemC::systemc INTERFACE nvdla::systemc)
endif()
set(SystemCLanguage_FOUND TRUE)
