// SPDX-License-Identifier: Apache-2.0
// What the driver needs of a platform: the register window, the interrupt line and the memory that the
// accelerator sees. A SystemC CPU stand-in, a simulation without SystemC and a real bus can all give it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "hardware/types.h"

namespace nvdla::host {

class DeviceAccess {
 public:
  static constexpr std::uint32_t kMaxPolls = 1'000'000;

  virtual ~DeviceAccess() = default;

  // Byte offsets in the register window. A read takes time: what is polled gets a chance to change.
  virtual void write_register(std::uint32_t offset, std::uint32_t value) = 0;
  virtual std::uint32_t read_register(std::uint32_t offset) = 0;
  // Reads until the bits of `mask` are all set. False: after a million reads they are not. A platform that
  // can tell when nothing changes may skip the reads between.
  virtual bool poll_register(std::uint32_t offset, std::uint32_t mask) {
    for (std::uint32_t reads = 0; reads < kMaxPolls; ++reads) {
      if ((read_register(offset) & mask) == mask) return true;
    }
    return false;
  }
  // Returns when the interrupt line is up, at once if it is. False: it cannot rise any more.
  virtual bool wait_for_interrupt() = 0;

  virtual void write_memory(MemorySpace space, std::uint64_t address, const unsigned char* data,
                            std::size_t length) = 0;
  virtual void read_memory(MemorySpace space, std::uint64_t address, unsigned char* data,
                           std::size_t length) = 0;
};

}  // namespace nvdla::host
