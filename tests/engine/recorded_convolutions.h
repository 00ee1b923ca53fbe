// SPDX-License-Identifier: Apache-2.0
// Recorded convolutions for tests: the operations that a driver trace programs, and the rows of the
// recordings of its RTL run (validation/recordings/README.md).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "hardware/parameters.h"
#include "operation/convolution.h"
#include "registers/register_file.h"

namespace nvdla::engine::recorded {

struct Access {
  enum Kind { kWrite, kRead, kUntil } kind = kWrite;
  std::uint32_t offset = 0;  // bytes, in the CSB window
  std::uint32_t value = 0;   // kRead: the mask; kUntil: the bits to wait for
};
// firmware_traces/<trace>/input.txn, plain or compressed.
std::vector<Access> accesses(const std::string& trace);

// The convolutions of a trace in the order of their activation, decoded when their units are enabled.
std::vector<ConvolutionOperation> convolutions(const std::string& trace, const HardwareParameters& hardware);
// Whether CDMA fetches data and weights of operation `index`, or finds them kept by the one before.
bool fetches_data(const std::vector<ConvolutionOperation>& operations, std::size_t index);
bool fetches_weights(const std::vector<ConvolutionOperation>& operations, std::size_t index);

using Row = std::map<std::string, std::string>;  // by column
struct Recording {
  std::string name;  // <trace>__L<latency>_B<bytes per cycle>
  std::string trace;
  std::uint32_t latency = 0, bytes_per_cycle = 0;
  std::vector<Row> operations;  // NAME.ops.csv
  [[nodiscard]] const HardwareParameters& hardware() const;
  // Rows of one unit by sequence.
  [[nodiscard]] std::vector<Row> of(const std::string& unit) const;
  // NAME.dma.csv; NAME.dma_trace.csv.gz, empty if it does not exist.
  [[nodiscard]] std::vector<Row> reads() const;
  [[nodiscard]] std::vector<Row> dma_trace() const;
};
std::int64_t number(const Row& row, const std::string& column);

Recording load(const std::string& name);
// All that hold a convolution; those of a single layer ("u_...") only if `single`.
std::vector<std::string> names(bool single = false);
// Those with a DMA trace.
std::vector<std::string> names_with_dma_trace();

}  // namespace nvdla::engine::recorded
