# SPDX-License-Identifier: Apache-2.0
# SystemC as target nvdla::systemc: the CMake package SystemCLanguage, else pkg-config systemc, else the
# installation that SYSTEMC_HOME (variable or environment) points to. Used by this build and by the
# installed package.
include_guard(GLOBAL)

if(NOT TARGET nvdla::systemc)
  add_library(nvdla::systemc INTERFACE IMPORTED GLOBAL)

  find_package(SystemCLanguage CONFIG QUIET)
  if(NOT SystemCLanguage_FOUND)
    find_package(PkgConfig QUIET)
    if(PkgConfig_FOUND)
      pkg_check_modules(NVDLA_SYSTEMC QUIET IMPORTED_TARGET GLOBAL systemc)
    endif()
  endif()

  if(SystemCLanguage_FOUND)
    target_link_libraries(nvdla::systemc INTERFACE SystemC::systemc)
  elseif(NVDLA_SYSTEMC_FOUND)
    target_link_libraries(nvdla::systemc INTERFACE PkgConfig::NVDLA_SYSTEMC)
  else()
    find_path(NVDLA_SYSTEMC_INCLUDE_DIR systemc HINTS ${SYSTEMC_HOME} $ENV{SYSTEMC_HOME} PATH_SUFFIXES include)
    find_library(NVDLA_SYSTEMC_LIBRARY systemc HINTS ${SYSTEMC_HOME} $ENV{SYSTEMC_HOME}
                 PATH_SUFFIXES lib lib64 lib-linux64)
    if(NOT NVDLA_SYSTEMC_INCLUDE_DIR OR NOT NVDLA_SYSTEMC_LIBRARY)
      message(FATAL_ERROR "SystemC not found: install libsystemc-dev, or set SystemCLanguage_DIR, "
                          "PKG_CONFIG_PATH or SYSTEMC_HOME")
    endif()
    find_package(Threads REQUIRED)
    target_include_directories(nvdla::systemc SYSTEM INTERFACE ${NVDLA_SYSTEMC_INCLUDE_DIR})
    target_link_libraries(nvdla::systemc INTERFACE ${NVDLA_SYSTEMC_LIBRARY} Threads::Threads)
  endif()
endif()
