// SPDX-License-Identifier: Apache-2.0
// What a replay of a program is asked and what it answers, whoever runs it: the platform with the
// SystemC component (platform/replay.h) or the runner without (host/runner.h).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "amaix/estimate.h"
#include "engine/accelerator.h"
#include "engine/events.h"
#include "hardware/parameters.h"
#include "host/memory_options.h"

namespace nvdla::host {

// Something that ends a replay: a bad trace, a register that does not exist, a mismatch, a poll that cannot
// be met, a file that cannot be read. The text names file, line and register where they apply.
class ReplayError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// One row of a DMA trace: one bus burst at its address handshake.
struct DmaBurst {
  Cycle cycle = 0;
  MemorySpace port = MemorySpace::kDbb;
  bool write = false;
  Client client = Client::kBdma;
  std::uint64_t address = 0;
  std::uint32_t beats = 1;
};

struct ReplayProgress {
  Cycle cycle = 0;
  std::size_t line = 0;  // of the trace
  double fraction = 0;   // of the trace that is played
  std::size_t operations_done = 0;
};

// The recordings' platform counts cycles from so long after the end of reset.
inline constexpr Cycle kRecordedSettledReset = 4096;

// What the CPU does, as far as the register bus sees it.
enum class AccessKind : std::uint8_t {
  kWrite,
  kRead,  // also a poll: from its first read to the one that met it
  kWait   // for the interrupt line
};
class AccessListener {
 public:
  virtual ~AccessListener() = default;
  // From the cycle in which it was offered to the one in which the next can be. Accesses follow each other.
  virtual void on_access(AccessKind /*kind*/, Cycle /*from*/, Cycle /*to*/) {}
  // What the CPU asked for, in order. A read tells the value that it brought; of a poll, the mask and what
  // was expected under it.
  virtual void on_write(std::uint32_t /*offset*/, std::uint32_t /*value*/) {}
  virtual void on_read(std::uint32_t /*offset*/, std::uint32_t /*value*/) {}
  virtual void on_poll(std::uint32_t /*offset*/, std::uint32_t /*mask*/, std::uint32_t /*expected*/) {}
  virtual void on_wait() {}
};

struct ReplayOptions {
  HardwareParameters hardware;
  amaix::Level level = amaix::Level::kDynamic;
  MemoryOptions dbb;
  std::optional<MemoryOptions> cvsram;  // nothing: the port stays unbound

  // A read_reg that does not match ends the replay with a ReplayError; false: it is listed and replay goes
  // on.
  bool stop_on_mismatch = true;
  // A DMA response with an error ends the replay; false: it is a warning.
  bool stop_on_dma_error = true;
  // Cycles that reset had settled before cycle 0 (engine::AcceleratorOptions). Default: as in the recordings.
  Cycle settled_reset = kRecordedSettledReset;
  // Cycles that one `until`, `wait` or polling read_reg may take.
  Cycle poll_limit = 4'000'000'000;

  std::function<void(const DmaBurst&)> dma_trace;       // called for every bus burst in issue order
  std::function<void(const ReplayProgress&)> progress;  // called now and then
  std::vector<engine::Listener*> listeners;             // not owned; called during the replay
  // Work of this network that earlier runs have counted (engine::AcceleratorOptions); not owned.
  amaix::KnownWork* known_work = nullptr;
  AccessListener* accesses = nullptr;  // not owned; only the runner without SystemC tells
};

// What an accelerator is built with for this replay: the closed forms assume the memories of the options.
[[nodiscard]] engine::AcceleratorOptions accelerator_options(const ReplayOptions& options);

// Throws std::invalid_argument that names the parameter that is out of range.
void check(const ReplayOptions& options);

struct ReplayResult {
  Cycle total_cycles = 0;  // cycle of the last completion interrupt; 0 if there was none
  Cycle end_of_trace = 0;  // cycle after the last access of the trace
  std::vector<engine::OperationRecord> operations;  // in the order of completion
  std::vector<std::string> read_mismatches;         // "file:line: NAME (offset): ..."
  std::vector<std::string> warnings;                // each text once
  std::uint64_t register_writes = 0;
  std::uint64_t register_reads = 0;  // polls included
  std::uint64_t bursts = 0;          // transactions on DBB and CVSRAM
  std::uint64_t dma_errors = 0;
};

}  // namespace nvdla::host
