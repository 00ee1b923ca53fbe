// SPDX-License-Identifier: Apache-2.0
// What a driver, or a player of traces, needs of an accelerator and its memories, and nothing else. Every
// call lets time pass as the access does; the next access is offered when the one before is finished
// (engine/csb_timing.h). Who simulates (the runner without SystemC, the component behind a TLM socket) is the
// implementation's matter; cycles and numbers of reads are the same.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/csb_poll.h"
#include "hardware/parameters.h"
#include "registers/register_file.h"

namespace nvdla::host {

using engine::PollEnd;
using engine::PollOutcome;
using engine::PollRequest;

enum class WaitEnd : std::uint8_t {
  kRaised,
  kIdle,  // the line is low and nothing is pending that could raise it
  kLimit,
  kStopped
};

class RegisterBus {
 public:
  virtual ~RegisterBus() = default;

  // Byte offsets in the register window.
  virtual registers::AccessStatus write(std::uint32_t offset, std::uint32_t value) = 0;
  // As many of the writes, from the first on, as only store and as the bus can make at once, each in the
  // cycle in which write() would make it. Returns how many are made.
  virtual std::size_t store(const registers::RegisterWrite* /*writes*/, std::size_t /*count*/) { return 0; }
  virtual registers::AccessStatus read(std::uint32_t offset, std::uint32_t& value) = 0;
  // Reads until (value & mask) == expected; time in which nothing can change may be skipped, with the number
  // of reads and all cycles as if every read had been made.
  virtual PollOutcome poll(const PollRequest& request) = 0;
  // Until the interrupt line is high, at most `limit` cycles.
  virtual WaitEnd wait_for_interrupt(Cycle limit) = 0;
  // Ends the poll or wait under way, and all that follow, as kStopped. From a listener of the accelerator.
  virtual void stop() = 0;

  // Nothing can change any more without a further write.
  [[nodiscard]] virtual bool idle() = 0;
  // The cycle in which the next access is offered.
  [[nodiscard]] virtual Cycle now() const = 0;

  // Contents of the memories, without time. False: no memory holds all these bytes; nothing is done.
  [[nodiscard]] virtual bool load_memory(std::uint64_t address, const unsigned char* data,
                                         std::size_t length) = 0;
  [[nodiscard]] virtual bool store_memory(std::uint64_t address, unsigned char* data, std::size_t length) = 0;
  // One memory holds [address, address + length).
  [[nodiscard]] virtual bool holds(std::uint64_t address, std::uint64_t length) const = 0;
};

}  // namespace nvdla::host
