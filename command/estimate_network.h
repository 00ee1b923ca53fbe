// SPDX-License-Identifier: Apache-2.0
// nvdla-vp estimate of a network of layers: time, frames a second, traffic and causes, by layer and in all.
#pragma once

#include <boost/program_options.hpp>
#include <string>

namespace nvdla::command {

// The options of estimate. Returns the exit status. Throws what main() turns into one.
int estimate_network(const std::string& path, const boost::program_options::variables_map& values);

}  // namespace nvdla::command
