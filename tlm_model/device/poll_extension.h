// SPDX-License-Identifier: Apache-2.0
// A read that polls: the component repeats it, one read behind the other with the times of the CSB, until
// (value & mask) == expected, and answers then. For drivers and players that would else simulate every read
// of a status register while an operation runs: the answer, its time and the number of reads are the same
// (engine/csb_poll.h), reads that cannot see a change cost nothing.
//
// While it waits nobody else should access the registers (a CSB serves one access at a time): memory reads
// leave up to 256 cycles ahead of their time, if the target takes them (device/dma_extension.h), and what
// another access starts within these cycles competes with the reads behind them only.
//
// From a thread only (COMMAND_ERROR otherwise), 4 bytes. The call waits; the delay that it returns is what is
// left until the next access can be offered. Interconnects pass it on as any read.
#pragma once

#include <cstdint>
#include <tlm>

#include "engine/csb_poll.h"

namespace nvdla {

struct PollExtension : tlm::tlm_extension<PollExtension> {
  std::uint32_t mask = 0;
  std::uint32_t expected = 0;
  Cycle limit = kNever;  // cycles; see engine::PollRequest
  // Answers. Unchanged when the target does not know the extension and has made a single read.
  std::uint64_t reads = 0;
  engine::PollEnd end = engine::PollEnd::kMet;

  [[nodiscard]] tlm::tlm_extension_base* clone() const override { return new PollExtension(*this); }
  void copy_from(tlm::tlm_extension_base const& other) override {
    *this = static_cast<const PollExtension&>(other);
  }
};

}  // namespace nvdla
