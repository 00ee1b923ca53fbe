// SPDX-License-Identifier: Apache-2.0
// What a CPU ("EMU") task holds: operations that the runtime of nvdla/sw computes itself, softmax and power.
// Entry 0 of the address list holds the network descriptor, which says where operations and buffers are. Two
// layouts exist under the same version number, told apart by the size of the operations: 16 bytes (no scale
// factors, buffers without offset: the loadables of the first release) and 24 bytes. A buffer takes 256.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "host/loadable/loadable.h"

namespace nvdla::host {

enum class CpuOperationType : std::uint8_t { kPower = 0, kSoftmax = 1 };

// int8 with atoms of 32 or 8 bytes, fp16 with atoms of 32 bytes; the others the runtime does not compute.
enum class CpuFormat : std::uint16_t {
  kInt8 = 0,
  kInt8Atom8 = 1,
  kInt16 = 2,
  kHalf = 3,
  kUint8 = 4,
  kUint16 = 5
};

struct CpuBuffer {
  std::int16_t address = -1;  // index into the task's address list
  std::uint32_t offset = 0;   // from there
  std::uint32_t size = 0;
  CpuFormat format = CpuFormat::kHalf;
  std::uint16_t width = 0, height = 0, channel = 0;
  std::uint32_t line_stride = 0, surface_stride = 0;  // bytes
};

struct CpuOperation {
  CpuOperationType type = CpuOperationType::kPower;
  float input_scale = 1, output_scale = 1;  // int8 only
  float power = 1, scale = 1, shift = 0;    // (shift + scale * x) ^ power
  CpuBuffer source, destination;
};

struct CpuTask {
  std::string place;  // "file: task_list[0]"
  std::vector<CpuOperation> operations;
};

// Throws InputError with the place inside the file.
[[nodiscard]] CpuTask parse_cpu_task(const Loadable& loadable, std::size_t task);

}  // namespace nvdla::host
