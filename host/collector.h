// SPDX-License-Identifier: Apache-2.0
// The listener behind ReplayResult: operations, warnings, the last completion interrupt, DMA bursts.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "host/burst_rows.h"
#include "host/replay.h"

namespace nvdla::host {

class Collector : public engine::Listener {
 public:
  Collector(const ReplayOptions& options, ReplayResult& result);
  // Where progress takes line and fraction from; both outlive the simulation. Warnings are placed at
  // the line of `file` at which the program stands, unless it has no lines (0).
  void watch(std::function<std::size_t()> line, std::function<double()> fraction,
             const std::string& file = {}) {
    line_ = std::move(line);
    fraction_ = std::move(fraction);
    file_ = file;
  }

  // Values that were written before their input had come are worth a report.
  void end(const engine::Accelerator& accelerator);
  // The program begins once more: its operations take the place of those before.
  void repeat() { result_.operations.clear(); }
  // At the end of the simulation: the rows of the DMA trace that still wait for their time.
  void finish();

  void on_done(const engine::OperationRecord& record) override;
  void on_burst(const engine::Burst& burst) override;
  void on_single_beats(const engine::Burst& burst, std::uint32_t bus_bytes) override;
  void on_interrupt(std::uint32_t status, Cycle at) override;
  void on_warning(const std::string& text, Cycle at) override;

 private:
  void progress(Cycle at);

  const ReplayOptions& options_;
  ReplayResult& result_;
  std::function<std::size_t()> line_;
  std::function<double()> fraction_;
  std::string file_;
  std::optional<BurstRows> rows_;
  std::set<std::string> seen_warnings_;
};

}  // namespace nvdla::host
