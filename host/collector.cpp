// SPDX-License-Identifier: Apache-2.0
#include "host/collector.h"

#include <algorithm>

namespace nvdla::host {
namespace {

constexpr std::uint64_t kProgressBursts = 4096;

}  // namespace

void Collector::on_done(const engine::OperationRecord& record) {
  result_.operations.push_back(record);
  progress(record.done);
}

// A chunk reaches the bus as bursts of at most max_burst_beats, one beat of address a cycle.
void Collector::on_burst(const engine::Burst& burst) {
  const std::uint32_t longest = options_.hardware.max_burst_beats;
  if (options_.dma_trace) {
    for (std::uint32_t first = 0; first < burst.beats; first += longest) {
      DmaBurst row;
      row.cycle = burst.issued + first;
      row.port = burst.space;
      row.write = burst.write;
      row.client = burst.client;
      row.address = burst.address + std::uint64_t{first} * options_.hardware.dbb_width_bytes;
      row.beats = std::min(longest, burst.beats - first);
      options_.dma_trace(row);
    }
  }
  if (++result_.bursts % kProgressBursts == 0) progress(burst.issued);
}

void Collector::on_interrupt(std::uint32_t /*status*/, Cycle at) { result_.total_cycles = at; }

void Collector::on_warning(const std::string& text, Cycle at) {
  if (!seen_warnings_.insert(text).second) return;
  result_.warnings.push_back("cycle " + std::to_string(at) + ": " + text);
}

void Collector::end(const engine::Accelerator& accelerator) {
  result_.early_values = accelerator.early_values();
  if (result_.early_values == 0) return;
  result_.warnings.push_back(std::to_string(result_.early_values) +
                             " pieces of output were written before their input had come, which hardware "
                             "does not do: a fault of the model, please report the input");
}

void Collector::progress(Cycle at) {
  if (!options_.progress || !line_) return;
  options_.progress({at, line_(), fraction_(), result_.operations.size()});
}

}  // namespace nvdla::host
