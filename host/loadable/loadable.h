// SPDX-License-Identifier: Apache-2.0
// A compiled network as it stands in a .nvdla file: tasks for the accelerator (DLA) and for the CPU ("EMU"),
// the memory that they need, what it holds at the start, and the tensors at its borders. Lists refer to each
// other by position, as in the runtime of nvdla/sw.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace nvdla::host {

struct LoadableVersion {
  std::uint8_t major = 0, minor = 0, sub_minor = 0;
};

enum class TaskInterface : std::uint32_t { kNone = 0, kDla = 1, kCpu = 2 };

struct LoadableBlob {
  std::string name;
  TaskInterface interface = TaskInterface::kNone;
  std::uint32_t sub_interface = 0;
  LoadableVersion version;
  std::vector<unsigned char> data;
};

inline constexpr std::uint16_t kMemoryAllocate = 1, kMemorySet = 2, kMemoryInput = 4, kMemoryOutput = 8;

struct MemoryContent {
  std::size_t blob = 0;      // index
  std::uint64_t offset = 0;  // in the memory entry
};

struct LoadableMemory {
  std::uint16_t id = 0;
  bool sram = false;  // CVSRAM instead of the main memory
  std::uint16_t flags = 0;
  std::uint64_t size = 0;
  std::uint32_t alignment = 0;          // bytes; 0: none asked for
  std::vector<MemoryContent> contents;  // only with kMemorySet
  std::uint16_t bind_id = 0;            // with kMemoryInput, kMemoryOutput
  std::uint16_t tensor = 0;

  [[nodiscard]] bool input() const { return (flags & kMemoryInput) != 0; }
  [[nodiscard]] bool output() const { return (flags & kMemoryInput) == 0 && (flags & kMemoryOutput) != 0; }
};

struct LoadableAddress {
  std::uint16_t memory = 0;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;  // 0: up to the end of the memory entry
};

struct LoadableTask {
  std::uint16_t id = 0;
  TaskInterface interface = TaskInterface::kNone;
  std::int16_t instance = -1;
  std::vector<std::uint16_t> addresses;
  std::vector<std::uint16_t> pre_actions, post_actions;  // indices of events
};

struct LoadableEvent {
  std::uint16_t id = 0;
  std::uint8_t type = 0;
  std::uint16_t target = 0;
  std::uint32_t value = 0;
  bool signal = false;
};

enum class TensorType : std::uint8_t { kUnknown = 0, kFloat = 1, kHalf = 2, kInt16 = 3, kInt8 = 4 };

// Formats of the list of pixel formats that inputs and outputs have names for here; the rest is as in
// CDMA.D_DATAIN_FORMAT.
inline constexpr std::uint8_t kPixelR8 = 0, kPixelFeature = 36, kPixelFeature8 = 37;

struct LoadableTensor {
  std::string name;
  std::uint16_t memory = 0;
  std::uint64_t size = 0, offset = 0;  // bytes
  std::uint8_t data_format = 0;
  TensorType type = TensorType::kUnknown;
  std::uint8_t category = 0;
  std::uint8_t pixel_format = 0;
  std::uint8_t pixel_mapping = 0;
  std::int32_t n = 1, c = 1, h = 1, w = 1;
  std::uint32_t element_stride = 0, line_stride = 0, surface_stride = 0;  // bytes
};

struct LoadableRelocation {
  std::uint16_t address = 0, memory = 0;
  std::uint64_t offset = 0;
  TaskInterface interface = TaskInterface::kNone;
  std::uint32_t sub_interface = 0;
  std::uint8_t type = 0;
};

struct Loadable {
  std::string path;  // for error texts
  LoadableVersion version;
  std::vector<LoadableTask> tasks;
  std::vector<std::vector<std::uint16_t>> submits;  // tasks, in the order of execution
  std::vector<LoadableMemory> memories;
  std::vector<LoadableAddress> addresses;
  std::vector<LoadableEvent> events;
  std::vector<LoadableBlob> blobs;
  std::vector<LoadableTensor> tensors;
  std::vector<LoadableRelocation> relocations;

  // Bytes [offset, offset + length) of a memory entry as the file fills it, null where no single blob covers
  // them. `blob` then is the blob's index.
  [[nodiscard]] const unsigned char* initial_bytes(std::size_t memory, std::uint64_t offset,
                                                   std::uint64_t length, std::size_t* blob = nullptr) const;
  // Memory entries of the inputs and outputs in the order of their bind ids.
  [[nodiscard]] std::vector<std::size_t> inputs() const;
  [[nodiscard]] std::vector<std::size_t> outputs() const;
};

// Both throw InputError "path: place inside: what is wrong". Sizes, offsets and indices are checked: whatever
// the result refers to exists. A file larger than 2 GiB is refused (FlatBuffers' own limit).
[[nodiscard]] Loadable read_loadable(const std::string& path);
[[nodiscard]] Loadable parse_loadable(const unsigned char* data, std::size_t size, const std::string& path);

}  // namespace nvdla::host
