// SPDX-License-Identifier: Apache-2.0
// A waveform of NVDLA's ports, taken apart into files that stand for themselves:
//
//   input.txn                       the driver's accesses as a register trace
//   recording.json, .ops.csv        enables and interrupts, for `validate`
//   recording.dma.csv               reads by operation and client
//   recording.dma_trace.csv.gz      every burst
//
// Cycle 1 is the one in which the first register access is offered, as in a replay. The waveform is streamed;
// what is kept are the register accesses.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hardware/types.h"
#include "host/files/run_files.h"
#include "memory/description.h"

namespace nvdla::host {

struct WaveformImport {
  std::string waveform;   // VCD, plain or gzip, "-" for standard input; or FST
  std::string map;        // host/waveform/pin_map.h; empty: names of NV_nvdla
  std::string directory;  // for the files; it is made
  std::string config;     // a preset; empty: told by the accesses
  // Of the recording; nothing: measured (host/waveform/memory_measurement.h).
  std::optional<memory::PortDescription> dbb, cvsram;
  RunFiles files;
};

struct ImportedWaveform {
  std::string scope, config;
  std::uint64_t register_accesses = 0;  // of the trace: a poll is one
  std::uint64_t operations = 0;         // with an interrupt
  std::uint64_t bursts = 0;
  Cycle cycles = 0;                // of the waveform
  std::vector<std::string> notes;  // what a reader of the recording must know
  std::vector<std::string> files;  // written, in the order above
};

// Throws InputError "file: what" for a waveform, map or name that cannot be used, OutputError when a file
// could not be written.
ImportedWaveform import_waveform(const WaveformImport& options);

// Whether the file's content is that of a waveform. False for what cannot be read twice.
[[nodiscard]] bool is_waveform(const std::string& path);

}  // namespace nvdla::host
