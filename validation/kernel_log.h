// SPDX-License-Identifier: Apache-2.0
// Times of operations from the kernel log of NVIDIA's driver (module opendla, dmesg with time stamps). Of all
// lines these count, whatever stands before the time stamp:
//
//   [   11.329986] Enable SDP operation index 1 ROI 0
//   [   18.919386] Completed SDP operation index 1 ROI 0
//
// A processor's operations are counted in the order in which they are enabled. Time 0 is the first of these
// lines. Limits: an interrupt's time is that of its handling by the driver, later than the line rises; a
// driver that does not print Enable lines gives the order of completion.
// Source: kmd/firmware/scheduler.c of nvdla/sw (the texts).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hardware/units.h"

namespace nvdla::validation {

struct LoggedOperation {
  Engine engine = Engine::kConv;
  std::uint32_t sequence = 0;       // of the engine
  std::optional<double> enable_ns;  // from time 0
  double completed_ns = 0;
};

// In order of engine, then sequence. Throws host::InputError: a file that cannot be read, an operation that
// is completed without being enabled or is never completed, time that runs backwards, no such line at all.
[[nodiscard]] std::vector<LoggedOperation> read_kernel_log(const std::string& path);

}  // namespace nvdla::validation
