// SPDX-License-Identifier: Apache-2.0
#include "host/driver/memory_layout.h"

#include <algorithm>

#include "host/driver/driver_error.h"

namespace nvdla::host {

namespace {

constexpr std::uint64_t kPage = 4096;

class Layout {
 public:
  Layout(const Loadable& loadable, const HardwareParameters& hardware, const MemoryBases& bases)
      : loadable_(loadable),
        hardware_(hardware),
        next_dbb_(bases.dbb),
        next_cvsram_(bases.cvsram),
        places_(loadable.memories.size()) {}

  std::vector<DeviceAddress> run() {
    for (std::size_t i = 0; i < places_.size(); ++i) {
      const LoadableMemory& memory = loadable_.memories[i];
      if (!memory.input() && !memory.output()) place(i);
    }
    for (const std::size_t i : loadable_.inputs()) place(i);
    for (const std::size_t i : loadable_.outputs()) place(i);
    return std::move(places_);
  }

 private:
  void place(std::size_t index) {
    const LoadableMemory& memory = loadable_.memories[index];
    const std::string name = loadable_.path + ": memory_list[" + std::to_string(index) + "]";
    if (memory.sram && !hardware_.cvsram) {
      throw DriverError(name + ": is in CVSRAM, which " + hardware_.name + " does not have");
    }
    const std::uint64_t limit = hardware_.mem_address_bits >= 64
                                    ? ~std::uint64_t{0}
                                    : (std::uint64_t{1} << hardware_.mem_address_bits) - 1;
    std::uint64_t& next = memory.sram ? next_cvsram_ : next_dbb_;
    const std::uint64_t alignment = std::max<std::uint64_t>(kPage, memory.alignment);
    const std::uint64_t address = (next + alignment - 1) / alignment * alignment;
    if (address > limit || memory.size > limit - address) {
      throw DriverError(name + ": " + std::to_string(memory.size) +
                        " bytes do not fit into the address space of " +
                        std::to_string(hardware_.mem_address_bits) + " bits of " + hardware_.name);
    }
    places_[index] = {memory.sram ? MemorySpace::kCvsram : MemorySpace::kDbb, address, memory.size};
    next = address + std::max<std::uint64_t>(memory.size, 1);
  }

  const Loadable& loadable_;
  const HardwareParameters& hardware_;
  std::uint64_t next_dbb_, next_cvsram_;
  std::vector<DeviceAddress> places_;
};

}  // namespace

std::vector<DeviceAddress> place_memories(const Loadable& loadable, const HardwareParameters& hardware,
                                          const MemoryBases& bases) {
  return Layout(loadable, hardware, bases).run();
}

std::vector<DeviceAddress> resolve_addresses(const Loadable& loadable, const LoadableTask& task,
                                             const std::vector<DeviceAddress>& memories) {
  std::vector<DeviceAddress> result;
  result.reserve(task.addresses.size());
  for (const std::uint16_t index : task.addresses) {
    const LoadableAddress& entry = loadable.addresses[index];
    const DeviceAddress& memory = memories[entry.memory];
    result.push_back({memory.space, memory.address + entry.offset, memory.size - entry.offset});
  }
  return result;
}

}  // namespace nvdla::host
