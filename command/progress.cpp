// SPDX-License-Identifier: Apache-2.0
#include "command/progress.h"

#include <unistd.h>

#include <cstdio>
#include <utility>

namespace nvdla::command {

ProgressLine::ProgressLine(std::string label)
    : label_(std::move(label)),
      terminal_(isatty(STDERR_FILENO) == 1),
      last_(std::chrono::steady_clock::now()) {}

ProgressLine::~ProgressLine() {
  if (shown_) std::fputs("\r\033[K", stderr);
}

std::function<void(const host::ReplayProgress&)> ProgressLine::callback() {
  if (!terminal_) return {};
  return [this](const host::ReplayProgress& progress) { show(progress); };
}

void ProgressLine::show(const host::ReplayProgress& progress) {
  const auto now = std::chrono::steady_clock::now();
  if (now - last_ < std::chrono::milliseconds(200)) return;
  last_ = now;
  shown_ = true;
  const std::string line = progress.line == 0 ? "" : "line " + std::to_string(progress.line) + ", ";
  std::fprintf(stderr, "\r%s%3.0f %%, %scycle %lld, %zu operations done\033[K", label_.c_str(),
               100 * progress.fraction, line.c_str(), static_cast<long long>(progress.cycle),
               progress.operations_done);
  std::fflush(stderr);
}

}  // namespace nvdla::command
