// SPDX-License-Identifier: Apache-2.0
// Replays a driver trace on a register file without time: at every `until` all that is enabled finishes.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "registers/register_file.h"

namespace nvdla::registers::test {

struct TraceLine {
  std::uint32_t number = 0;  // from 1; layers.json names the comment behind the write
  std::string command;       // write_reg, read_reg, until
  std::uint32_t offset = 0;  // byte offset in the CSB window
  std::uint32_t a = 0, b = 0;
};

// firmware_traces/<name>; empty when the repository has none.
std::vector<std::string> trace_names();
std::vector<TraceLine> read_trace(const std::string& name);
std::string trace_folder(const std::string& name);

// The configuration that a trace's name ends with, e.g. lenet_nv_full_int8.
HardwareParameters hardware_of(const std::string& name);

// Everything enabled that can finish does, in the order of the pointers, and raises its interrupts: a
// convolution and its SDP on the fly need each other.
void finish_all(RegisterFile& file);

// `after_write` is called behind each write_reg, before anything finishes.
void replay(RegisterFile& file, const std::vector<TraceLine>& lines,
            const std::function<void(const TraceLine&)>& after_write);

}  // namespace nvdla::registers::test
