// SPDX-License-Identifier: Apache-2.0
// nvdla-vp replay with several inputs: each on an accelerator of its own, all on the same memories, started
// at once or with --start; what they cost each other.
#pragma once

#include <boost/program_options.hpp>
#include <string>
#include <vector>

namespace nvdla::command {

// --start.
void add_together_options(boost::program_options::options_description& visible);

// `values` are those of replay. Returns the exit status. Throws UsageError for options of a single input, and
// what replay throws.
int replay_together(const boost::program_options::variables_map& values,
                    const std::vector<std::string>& inputs);

}  // namespace nvdla::command
