// SPDX-License-Identifier: Apache-2.0
// What the commands that simulate have in common: their options, what they write, and what they say at the
// end.
#pragma once

#include <boost/program_options.hpp>
#include <functional>
#include <string>

#include "command/options.h"
#include "host/program.h"
#include "host/replay.h"

namespace nvdla::command {

// --level, --csv, --timeline, --dma-trace, --ignore-dma-errors, --poll-limit, --settled-reset, --quiet.
void add_simulation_options(boost::program_options::options_description& visible);
[[nodiscard]] host::ReplayOptions simulation_options(const boost::program_options::variables_map& values,
                                                     const std::string& configuration);
// --systemc.
void add_component_option(boost::program_options::options_description& visible);
// --keep-going, --strict.
void add_comparison_options(boost::program_options::options_description& visible);
void take_comparison(const boost::program_options::variables_map& values, host::ReplayOptions& options);
// A trace that wants to see the flush of reset begins with it.
void take_reset(const host::Program& program, host::ReplayOptions& options);

// Simulates and writes what the options ask for. `text` is written behind the table, unless standard output
// is one of the files.
host::ReplayResult simulate_and_report(
    const boost::program_options::variables_map& values, const std::string& input,
    host::ReplayOptions options, const std::function<host::ReplayResult(host::ReplayOptions&)>& simulate,
    const std::function<void(std::ostream&)>& text = {});

// The names of layers are asked for: there is a table or a file.
[[nodiscard]] bool names_layers(const boost::program_options::variables_map& values);

void print_warnings(const host::ReplayResult& result);
// No read and no content differs.
[[nodiscard]] bool matches(const host::ReplayResult& result);

}  // namespace nvdla::command
