// SPDX-License-Identifier: Apache-2.0
// Views of memory contents: where the computation of an operation takes its bytes from and leaves them.
// Whether they stand for a whole memory, for what the bursts of an operation have brought, or for a test's
// array is the implementation's matter.
#pragma once

#include <cstddef>
#include <cstdint>

#include "hardware/types.h"

namespace nvdla::memory {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Bytes [address, address + length) of the memory behind one port. Bytes that nobody has written are 0.
  virtual void read(MemorySpace space, std::uint64_t address, unsigned char* data,
                    std::size_t length) const = 0;
};

class ByteSink {
 public:
  virtual ~ByteSink() = default;
  virtual void write(MemorySpace space, std::uint64_t address, const unsigned char* data,
                     std::size_t length) = 0;
};

}  // namespace nvdla::memory
