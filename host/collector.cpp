// SPDX-License-Identifier: Apache-2.0
#include "host/collector.h"

namespace nvdla::host {
namespace {

constexpr std::uint64_t kProgressBursts = 4096;

}  // namespace

Collector::Collector(const ReplayOptions& options, ReplayResult& result)
    : options_(options), result_(result) {
  result.operations.reserve(64);  // as many as a network like AlexNet has
  if (options.dma_trace) rows_.emplace(options.hardware, options.dma_trace);
}

void Collector::on_done(const engine::OperationRecord& record) {
  result_.operations.push_back(record);
  progress(record.done);
}

void Collector::on_burst(const engine::Burst& burst) {
  if (rows_) rows_->add(burst);
  if (++result_.bursts % kProgressBursts == 0) progress(burst.issued);
}

void Collector::on_single_beats(const engine::Burst& burst, std::uint32_t bus_bytes) {
  if (rows_ || options_.progress) {
    Listener::on_single_beats(burst, bus_bytes);
  } else {
    result_.bursts += burst.beats;
  }
}

void Collector::finish() {
  if (rows_) rows_->finish();
}

void Collector::on_interrupt(std::uint32_t /*status*/, Cycle at) { result_.total_cycles = at; }

void Collector::on_warning(const std::string& text, Cycle at) {
  if (!seen_warnings_.insert(text).second) return;
  const std::size_t line = line_ && !file_.empty() ? line_() : 0;
  result_.warnings.push_back("cycle " + std::to_string(at) + ": " + text);
  result_.warning_places.push_back(line == 0 ? "" : file_ + ":" + std::to_string(line) + ": ");
}

void Collector::end(const engine::Accelerator& accelerator) {
  result_.early_values = accelerator.early_values();
  if (result_.early_values == 0) return;
  result_.warnings.push_back(std::to_string(result_.early_values) +
                             " pieces of output were written before their input had come, which hardware "
                             "does not do: a fault of the model, please report the input");
  result_.warning_places.emplace_back();
}

void Collector::progress(Cycle at) {
  if (!options_.progress || !line_) return;
  options_.progress({at, line_(), fraction_(), result_.operations.size()});
}

}  // namespace nvdla::host
