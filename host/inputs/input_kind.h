// SPDX-License-Identifier: Apache-2.0
// Tells by its content, plain or gzip, what a file is. A file's name says nothing.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace nvdla::host {

enum class InputKind : std::uint8_t {
  kTrace,       // register trace (host/trace_reader.h); also what is none of the others
  kTraceTest,   // host/inputs/trace_test.h
  kVpLog,       // log of NVIDIA's virtual platform
  kMemoryList,  // "r|w ADDRESS", one access a line
  kDmaTrace,    // host/dma_trace.h
  kRecording,   // JSON
  kLoadable     // compiled network (host/loadable)
};

// Looks at the first lines, as many as it takes; a pipe or standard input, which can be read only once, is a
// register trace. Throws InputError when the file cannot be read.
[[nodiscard]] InputKind input_kind(const std::string& path);

// A file, or nothing at all, whose error then comes from reading it.
[[nodiscard]] bool can_be_read_twice(const std::string& path);

// "a memory list": for texts.
[[nodiscard]] std::string_view input_kind_name(InputKind kind);

}  // namespace nvdla::host
