// SPDX-License-Identifier: Apache-2.0
#include "host/inputs/read_input.h"

#include "host/inputs/trace_test_program.h"
#include "host/inputs/vp_log.h"
#include "host/text_source.h"

namespace nvdla::host {
namespace {

[[noreturn]] void refuse(const std::string& path, InputKind kind, const std::string& advice) {
  throw InputError(path + ": is " + std::string(input_kind_name(kind)) +
                   ", not register accesses: " + advice);
}

}  // namespace

Program read_input(const std::string& path, Generation generation) {
  return read_input(path, input_kind(path), generation);
}

Program read_input(const std::string& path, InputKind kind, Generation generation) {
  switch (kind) {
    case InputKind::kTraceTest:
      return trace_test_program(path, generation);
    case InputKind::kVpLog:
      return vp_log_program(path);
    case InputKind::kMemoryList:
    case InputKind::kDmaTrace:
      refuse(path, kind, "nvdla-vp dma plays it");
    case InputKind::kRecording:
      refuse(path, kind, "nvdla-vp validate takes recordings");
    case InputKind::kLoadable:
      refuse(path, kind, "nvdla-vp run takes it");
    default:
      return Program(path);
  }
}

}  // namespace nvdla::host
