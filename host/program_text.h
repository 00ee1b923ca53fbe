// SPDX-License-Identifier: Apache-2.0
// A program as a register trace (host/trace_reader.h).
#pragma once

#include <functional>
#include <iosfwd>
#include <string>

#include "host/program.h"

namespace nvdla::host {

// The line of a command that register traces have; `file`: of load_mem and dump_mem.
[[nodiscard]] std::string command_text(const Program::Command& command, const std::string& file = "");

// All lines. `file_of(contents)`: where the bytes of a load_mem that holds them are found, as the line names
// it. Throws std::invalid_argument for a command that register traces do not have.
void write_program(std::ostream& out, const Program& program,
                   const std::function<std::string(const std::vector<unsigned char>&)>& file_of);

}  // namespace nvdla::host
