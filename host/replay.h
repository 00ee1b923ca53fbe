// SPDX-License-Identifier: Apache-2.0
// What a replay of a program is asked and what it answers, whoever runs it: the platform with the
// SystemC component (platform/replay.h) or the runner without (host/runner.h).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "amaix/estimate.h"
#include "engine/accelerator.h"
#include "engine/events.h"
#include "hardware/parameters.h"
#include "host/content_check.h"
#include "host/files/run_files.h"
#include "host/memory_dump.h"
#include "host/memory_options.h"
#include "host/program.h"
#include "host/repetitions.h"
#include "memory/pattern.h"

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
  std::size_t line = 0;  // of the trace; 0: the input has no lines
  double fraction = 0;   // of the input that is done
  std::size_t operations_done = 0;
};

// The recordings' platform counts cycles from so long after the end of reset.
inline constexpr Cycle kRecordedSettledReset = 4096;

inline constexpr Cycle kDefaultPollLimit = 4'000'000'000;

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
  // Contents that it puts into memory; takes no time.
  virtual void on_load(std::uint64_t /*address*/, const unsigned char* /*data*/, std::size_t /*length*/) {}
};

struct ReplayOptions {
  HardwareParameters hardware;
  amaix::Level level = amaix::Level::kDynamic;
  MemoryOptions dbb;
  std::optional<MemoryOptions> cvsram;  // nothing: the port stays unbound

  // A read_reg that does not match ends the replay with a ReplayError; false: it is listed and replay goes
  // on.
  bool stop_on_mismatch = true;
  // Every bit of every read is compared, and interrupts must be set when they are waited for. false: see
  // host/player.h.
  bool strict = false;
  // A DMA response with an error ends the replay; false: it is a warning.
  bool stop_on_dma_error = true;
  // Compute the values of all operations; cycles do not depend on it.
  bool tensors = false;
  // Threads that the computation of one convolution may use.
  unsigned jobs = 1;
  // Contents of memory (host/player.h): folder to compare dump_mem's files with, folder for
  // the tensors of all operations (host/tensor_files.h). Empty: none.
  std::string golden, save_tensors;
  memory::Pattern pattern;  // of memory that nobody has written
  // Cycles that reset had settled before cycle 0 (engine::AcceleratorOptions). Default: as in the recordings.
  Cycle settled_reset = kRecordedSettledReset;
  // Cycles that one `until`, `wait` or polling read_reg may take.
  Cycle poll_limit = kDefaultPollLimit;

  // The program is played so often in one simulation; results are of all of it but the operations, which are
  // those of the last time, so that memory does not grow.
  std::uint32_t repeat = 1;
  // The accelerator is reset in between, and settles as before the first time; contents of memory stay.
  // False: it plays on at once, the groups stand where the time before has left them.
  bool reset_between = false;

  DumpOptions dump;  // of dump_mem
  // What else the run reads and writes; dump_mem writes none of it.
  RunFiles files;

  std::function<void(const DmaBurst&)> dma_trace;       // called for every bus burst in order of time
  std::function<void(const ReplayProgress&)> progress;  // called now and then
  std::vector<engine::Listener*> listeners;             // not owned; called during the replay
  // Work of this network that earlier runs have counted (engine::AcceleratorOptions); not owned.
  amaix::KnownWork* known_work = nullptr;
  registers::KnownGroups* known_groups = nullptr;
  // Not owned. Of a program, only the runner without SystemC tells.
  AccessListener* accesses = nullptr;
};

// What an accelerator is built with for this replay: the closed forms assume the memories of the options.
[[nodiscard]] engine::AcceleratorOptions accelerator_options(const ReplayOptions& options);

// Throws std::invalid_argument that names the parameter that is out of range.
void check(const ReplayOptions& options);

// Throws ReplayError when the program names a memory that the options do not have.
void check_memories(const Program& program, const ReplayOptions& options);

struct ReplayResult {
  Cycle total_cycles = 0;  // cycle of the last completion interrupt; 0 if there was none
  Cycle end_of_trace = 0;  // cycle after the last access of the trace
  std::vector<engine::OperationRecord> operations;  // in the order of completion
  std::map<OperationId, std::string> layers;        // their names, where the input has some
  std::vector<std::string> read_mismatches;         // "file:line: NAME (offset): ..."
  // Of memory contents, in the order of the program; not done where no values are computed.
  std::vector<ContentCheck> checks;
  std::map<OperationId, std::uint32_t> checksums;  // host/output_checksums.h; where values are computed
  std::vector<std::string> warnings;               // each text once
  std::vector<std::string> warning_places;         // beside them: "file:line: ", or nothing
  std::uint64_t register_writes = 0;
  std::uint64_t register_reads = 0;  // polls included
  std::uint64_t untimely_reads = 0;  // that differ from the program in what depends on time (not with strict)
  std::uint64_t bursts = 0;          // transactions on DBB and CVSRAM
  std::uint64_t dma_errors = 0;
  std::uint64_t early_values = 0;          // engine::Accelerator::early_values
  std::optional<Repetitions> repetitions;  // when the program was to be repeated
};

}  // namespace nvdla::host
