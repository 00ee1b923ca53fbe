# SPDX-License-Identifier: Apache-2.0
# Other people's libraries, each looked up only where something that is built needs it.
include_guard(GLOBAL)

include(NvdlaSystemC)
include(NvdlaSystemCCheck)
find_package(Threads REQUIRED)
find_package(nlohmann_json 3.7 REQUIRED)
if(NVDLA_BUILD_PLATFORM OR NVDLA_BUILD_TESTS OR NVDLA_BUILD_BENCHMARKS)
  find_package(Boost 1.71 REQUIRED COMPONENTS program_options)
  find_package(ZLIB REQUIRED)
  # Compiled networks are FlatBuffers; only headers and the schema compiler are needed.
  find_program(NVDLA_FLATC flatc REQUIRED DOC "FlatBuffers' schema compiler")
  find_path(NVDLA_FLATBUFFERS_INCLUDE_DIR flatbuffers/flatbuffers.h REQUIRED)
  # The charting library of the reports; it becomes part of them.
  find_file(NVDLA_D3 d3.min.js PATHS /usr/share/javascript/d3 REQUIRED DOC "D3 3.5 (Debian: libjs-d3)")
  # The reader of FST waveforms has no package of its own: Verilator's has its source.
  find_path(NVDLA_FST_DIR fstapi.c PATHS /usr/share/verilator/include/gtkwave DOC "GTKWave's fstapi.c (Debian: verilator)")
  if(NOT NVDLA_FST_DIR)
    message(STATUS "fstapi.c not found: nvdla-vp import will read VCD only")
  endif()
  find_package(PNG REQUIRED)
  find_package(JPEG REQUIRED)
  # Debian's ONNX names protobuf's target, but does not look it up.
  find_package(Protobuf REQUIRED)
  find_package(ONNX REQUIRED)
endif()
if(NVDLA_BUILD_TESTS)
  find_package(GTest REQUIRED)
  find_package(Boost 1.71 REQUIRED COMPONENTS iostreams)
  find_package(rapidcheck REQUIRED)
endif()
if(NVDLA_BUILD_BENCHMARKS)
  find_package(benchmark REQUIRED)
endif()
