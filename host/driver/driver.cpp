// SPDX-License-Identifier: Apache-2.0
#include "host/driver/driver.h"

#include "host/driver/cpu_executor.h"
#include "host/driver/driver_error.h"

namespace nvdla::host {

namespace {

constexpr std::uint64_t kMaxTensorBytes = std::uint64_t{1} << 30;

std::vector<const LoadableTensor*> tensors(const Loadable& loadable,
                                           const std::vector<std::size_t>& memories) {
  std::vector<const LoadableTensor*> result;
  result.reserve(memories.size());
  for (const std::size_t memory : memories)
    result.push_back(&loadable.tensors[loadable.memories[memory].tensor]);
  return result;
}

}  // namespace

Driver::Driver(const Loadable& loadable, const HardwareParameters& hardware, DeviceAccess& device,
               const DriverOptions& options)
    : loadable_(loadable),
      device_(device),
      options_(options),
      memories_(place_memories(loadable, hardware, options.bases)),
      scheduler_(hardware, device, options.listener) {
  for (std::size_t i = 0; i < loadable.tasks.size(); ++i) {
    const bool dla = loadable.tasks[i].interface == TaskInterface::kDla;
    dla_tasks_.push_back(dla ? parse_dla_task(loadable, i) : DlaTask{});
    cpu_tasks_.push_back(dla ? CpuTask{} : parse_cpu_task(loadable, i));
  }
  fill_memory();
}

void Driver::fill_memory() {
  for (std::size_t i = 0; i < loadable_.memories.size(); ++i) {
    const LoadableMemory& memory = loadable_.memories[i];
    if (memory.input() || memory.output()) continue;  // the runtime leaves these to the application
    for (const MemoryContent& content : memory.contents) {
      const std::vector<unsigned char>& bytes = loadable_.blobs[content.blob].data;
      device_.write_memory(memories_[i].space, memories_[i].address + content.offset, bytes.data(),
                           bytes.size());
    }
  }
}

std::vector<const LoadableTensor*> Driver::inputs() const { return tensors(loadable_, loadable_.inputs()); }
std::vector<const LoadableTensor*> Driver::outputs() const { return tensors(loadable_, loadable_.outputs()); }

DeviceAddress Driver::bound(const std::vector<std::size_t>& memories, std::size_t index,
                            const char* what) const {
  if (index >= memories.size()) {
    throw DriverError(loadable_.path + ": no " + what + " " + std::to_string(index) + ", the network has " +
                      std::to_string(memories.size()));
  }
  const LoadableTensor& tensor = loadable_.tensors[loadable_.memories[memories[index]].tensor];
  const DeviceAddress& memory = memories_[memories[index]];
  if (tensor.offset > memory.size || tensor.size > memory.size - tensor.offset ||
      tensor.size > kMaxTensorBytes) {
    throw DriverError(loadable_.path + ": tensor '" + tensor.name + "' of " + std::to_string(tensor.size) +
                      " bytes exceeds its memory");
  }
  return {memory.space, memory.address + tensor.offset, tensor.size};
}

void Driver::set_input(std::size_t index, const std::vector<unsigned char>& bytes) {
  const DeviceAddress to = bound(loadable_.inputs(), index, "input");
  if (bytes.size() != to.size) {
    throw DriverError(loadable_.path + ": input " + std::to_string(index) + " takes " +
                      std::to_string(to.size) + " bytes, not " + std::to_string(bytes.size()));
  }
  device_.write_memory(to.space, to.address, bytes.data(), bytes.size());
}

std::vector<unsigned char> Driver::output(std::size_t index) const {
  const DeviceAddress from = bound(loadable_.outputs(), index, "output");
  std::vector<unsigned char> bytes(from.size);
  device_.read_memory(from.space, from.address, bytes.data(), bytes.size());
  return bytes;
}

void Driver::run() {
  for (const std::vector<std::uint16_t>& submit : loadable_.submits) {
    for (const std::uint16_t index : submit) {
      const LoadableTask& task = loadable_.tasks[index];
      const std::vector<DeviceAddress> addresses = resolve_addresses(loadable_, task, memories_);
      if (options_.listener != nullptr) options_.listener->on_task(index);
      if (task.interface == TaskInterface::kDla) {
        scheduler_.run(dla_tasks_[index], index, addresses, options_.statistics);
      } else {
        execute_cpu_task(cpu_tasks_[index], addresses, device_);
      }
    }
  }
}

}  // namespace nvdla::host
