// SPDX-License-Identifier: Apache-2.0
// One recorded timing: metadata (NAME.json), activations of every unit (NAME.ops.csv) and, where they exist,
// reads by client (NAME.dma.csv) and the DMA trace (NAME.dma_trace.csv.gz). The formats are described in
// validation/recordings/README.md and docs/formats.md.
//
// A recording of an emulator, an FPGA or a driver may have less: unit, sequence and interrupt of the
// operations are enough, units may be those of our reports (CONV, RUBIK), times in nanoseconds of a known
// clock, and the kernel log of the driver (validation/kernel_log.h) may stand for the activations. What is
// not there is not compared.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/events.h"
#include "engine/scheduler.h"
#include "hardware/clients.h"
#include "hardware/types.h"
#include "host/memory_options.h"
#include "validation/csv.h"

namespace nvdla::validation {

enum class RecordedUnit : std::uint8_t {
  kBdma,
  kCdma,
  kCsc,
  kCmacA,
  kCmacB,
  kCacc,
  kSdpRdma,
  kSdp,
  kPdpRdma,
  kPdp,
  kCdpRdma,
  kCdp,
  kRubik
};
inline constexpr std::size_t kRecordedUnits = 13;

// One activation of a register group of one unit. Cycles count from the end of reset.
struct RecordedActivation {
  std::uint32_t sequence = 0;
  std::uint32_t group = 0;
  Cycle enable = 0;
  Cycle start = 0;
  std::optional<Cycle> interrupt;  // units without an interrupt of their own have none
  std::uint64_t write_beats = 0;
};

// What one client read for one activation through one port.
struct RecordedRead {
  RecordedUnit unit = RecordedUnit::kBdma;
  std::uint32_t sequence = 0;
  MemorySpace port = MemorySpace::kDbb;
  Client client = Client::kBdma;
  std::uint64_t beats = 0;
};

struct Recording {
  std::string name;
  std::string path;   // of the metadata file
  std::string trace;  // name of the trace's folder
  std::string config;
  std::string precision;
  host::MemoryOptions dbb;
  std::optional<host::MemoryOptions> cvsram;
  std::string kernel_log;       // beside the metadata; empty: there is NAME.ops.csv
  std::uint32_t bus_bytes = 0;  // of one beat
  std::uint64_t csb_gap = 0;    // cycles that the recording's driver added between accesses
  Cycle last_done = 0;
  bool enables = true;       // it tells when operations were enabled
  bool traffic = true;       // it tells bytes
  double cycles_per_ns = 0;  // of its times; 0: they are cycles
  std::array<std::vector<RecordedActivation>, kRecordedUnits> activations;  // by sequence
  std::vector<RecordedRead> reads;
  std::optional<std::string> dma_trace;  // path

  [[nodiscard]] const std::vector<RecordedActivation>& of(RecordedUnit unit) const {
    return activations[static_cast<std::size_t>(unit)];
  }
};

// "L50 B64": latency and bandwidth of the main memory, as in the names of recordings.
[[nodiscard]] std::string memory_name(const Recording& recording);

// `path` is NAME.json or NAME. Throws host::InputError, "file:line:column: what" or "file: key: what".
[[nodiscard]] Recording load_recording(const std::string& path);

// The activations in the terms of the model: CONV is CDMA's enable and start and CACC's interrupt, with the
// reads of CDMA; SDP, PDP and CDP have the reads of the read DMA that was enabled with them. Written bytes
// are whole beats and counted on DBB: a recording does not tell the port of a write. Ordered by unit, then
// by sequence. Throws host::InputError when the rows contradict each other.
[[nodiscard]] std::vector<engine::OperationRecord> recorded_operations(const Recording& recording);

}  // namespace nvdla::validation
