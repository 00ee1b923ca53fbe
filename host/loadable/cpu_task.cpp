// SPDX-License-Identifier: Apache-2.0
#include "host/loadable/cpu_task.h"

#include "host/loadable/byte_reader.h"
#include "host/text_source.h"

namespace nvdla::host {

namespace {

constexpr std::uint64_t kNetworkBytes = 6, kBufferBytes = 256, kBufferFieldBytes = 26;
constexpr std::uint64_t kShortOperation = 16, kLongOperation = 24;

CpuBuffer buffer(ByteReader in, bool long_layout) {
  CpuBuffer b;
  in.get(b.address);
  if (long_layout) in.get(b.offset);
  in.get(b.size);
  const auto format = in.get<std::uint16_t>();
  // The short layout knows no int8 with atoms of 8: its fp16 is 2.
  b.format = static_cast<CpuFormat>(long_layout || format == 0 ? format : format + 1U);
  in.all(b.width, b.height, b.channel, b.line_stride, b.surface_stride);
  return b;
}

}  // namespace

CpuTask parse_cpu_task(const Loadable& loadable, std::size_t index) {
  const LoadableTask& task = loadable.tasks.at(index);
  CpuTask result;
  result.place = loadable.path + ": task_list[" + std::to_string(index) + "]";
  const auto fail = [&result](const std::string& what) -> void {
    throw InputError(result.place + ": " + what);
  };
  const auto memory = [&](std::int16_t address, const std::string& what) -> const LoadableAddress& {
    if (address < 0 || static_cast<std::size_t>(address) >= task.addresses.size()) {
      fail(what + " is " + std::to_string(address) + ", but the task has " +
           std::to_string(task.addresses.size()) + " addresses");
    }
    return loadable.addresses[task.addresses[static_cast<std::size_t>(address)]];
  };
  const auto bytes = [&](std::int16_t address, std::uint64_t offset, std::uint64_t length,
                         const std::string& what) {
    const LoadableAddress& at = memory(address, what + ": index of its address");
    const unsigned char* data = loadable.initial_bytes(at.memory, at.offset + offset, length);
    if (data == nullptr) {
      fail(what + ": memory_list[" + std::to_string(at.memory) + "] holds no contents for bytes " +
           std::to_string(offset) + " to " + std::to_string(offset + length));
    }
    return data;
  };

  ByteReader network(bytes(0, 0, kNetworkBytes, "network descriptor"));
  std::int16_t operations_at = 0, buffers_at = 0;
  std::uint16_t count = 0;
  network.all(operations_at, buffers_at, count);
  if (count == 0) return result;
  const LoadableAddress& list = memory(operations_at, "operations: index of their address");
  const bool long_layout = (loadable.memories[list.memory].size - list.offset) / count >= kLongOperation;
  const std::uint64_t operation_bytes = long_layout ? kLongOperation : kShortOperation;

  for (std::uint16_t i = 0; i < count; ++i) {
    const std::string what = "operation " + std::to_string(i);
    ByteReader in(bytes(operations_at, i * operation_bytes, operation_bytes, what));
    CpuOperation operation;
    const auto type = in.get<std::uint8_t>();
    if (type > 1)
      fail(what + " is of type " + std::to_string(type) + ", known are 0 (power) and 1 (softmax)");
    operation.type = static_cast<CpuOperationType>(type);
    // The type alone needs no alignment: the numbers of the short layout follow it at once.
    if (long_layout) {
      in.skip(3);
      operation.input_scale = in.get_float();
      operation.output_scale = in.get_float();
    }
    if (operation.type == CpuOperationType::kPower) {
      operation.power = in.get_float();
      operation.scale = in.get_float();
      operation.shift = in.get_float();
    }
    const std::uint64_t at = std::uint64_t{i} * 2 * kBufferBytes;
    operation.source =
        buffer(ByteReader(bytes(buffers_at, at, kBufferFieldBytes, what + " source")), long_layout);
    operation.destination =
        buffer(ByteReader(bytes(buffers_at, at + kBufferBytes, kBufferFieldBytes, what + " destination")),
               long_layout);
    memory(operation.source.address, what + " source: address");
    memory(operation.destination.address, what + " destination: address");
    result.operations.push_back(operation);
  }
  return result;
}

}  // namespace nvdla::host
