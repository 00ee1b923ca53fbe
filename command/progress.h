// SPDX-License-Identifier: Apache-2.0
// One line of progress on standard error, rewritten in place; silent when standard error is no terminal.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "host/replay.h"

namespace nvdla::command {

class ProgressLine {
 public:
  // `label` stands in front of the line.
  explicit ProgressLine(std::string label = "");
  ~ProgressLine();  // wipes the line
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  // Empty when there is no terminal: nothing is called then.
  [[nodiscard]] std::function<void(const host::ReplayProgress&)> callback();

 private:
  void show(const host::ReplayProgress& progress);

  std::string label_;
  bool terminal_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point last_;
};

}  // namespace nvdla::command
