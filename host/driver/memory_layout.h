// SPDX-License-Identifier: Apache-2.0
// Where the memory entries of a loadable go. As runtime and kernel do: one entry behind the other on pages of
// 4 KiB, first what the network brings or uses inside, then inputs, then outputs.
#pragma once

#include <cstdint>
#include <vector>

#include "hardware/parameters.h"
#include "host/driver/unit_program.h"
#include "host/loadable/loadable.h"

namespace nvdla::host {

struct MemoryBases {
  std::uint64_t dbb = 0x80000000;
  std::uint64_t cvsram = 0x50000000;
};

// In the order of loadable.memories. Throws DriverError when an entry does not fit the address width, or asks
// for CVSRAM that the configuration does not have.
[[nodiscard]] std::vector<DeviceAddress> place_memories(const Loadable& loadable,
                                                        const HardwareParameters& hardware,
                                                        const MemoryBases& bases);
// The entries of a task's address list.
[[nodiscard]] std::vector<DeviceAddress> resolve_addresses(const Loadable& loadable, const LoadableTask& task,
                                                           const std::vector<DeviceAddress>& memories);

}  // namespace nvdla::host
