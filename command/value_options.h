// SPDX-License-Identifier: Apache-2.0
// Options of the commands that can compute values.
#pragma once

#include <boost/program_options.hpp>
#include <iosfwd>

#include "host/program.h"
#include "host/replay.h"

namespace nvdla::command {

// --tensors, --jobs, --save-tensors.
void add_value_options(boost::program_options::options_description& visible);

// `has_contents`: the input loads or checks memory, so that values are computed unless --tensors says
// otherwise. Throws boost::program_options::error.
void take_value_options(const boost::program_options::variables_map& values, bool has_contents,
                        host::ReplayOptions& options);

// --output-dir, --dump-anywhere, --golden, --memory-pattern: of a trace. Throws
// boost::program_options::error.
void add_dump_options(boost::program_options::options_description& visible);
void take_dump_options(const boost::program_options::variables_map& values, host::ReplayOptions& options);

// The program loads, reads or dumps memory.
[[nodiscard]] bool has_contents(const host::Program& program);

// With --golden something has to be compared. False, and said: nothing was.
[[nodiscard]] bool golden_compared(std::ostream& errors, const host::ReplayOptions& options,
                                   const host::ReplayResult& result);

}  // namespace nvdla::command
