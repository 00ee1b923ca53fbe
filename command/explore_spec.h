// SPDX-License-Identifier: Apache-2.0
// What nvdla-vp explore is asked: a JSON file (docs/exploration.md) or options, as one specification.
#pragma once

#include <boost/program_options.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "analysis/exploration.h"

namespace nvdla::command {

struct ExploreRequest {
  analysis::ExplorationSpec spec;
  std::vector<std::string> objectives;
  // The specification in full: every value, and a checksum of each network. Two results belong together when
  // this is equal.
  nlohmann::ordered_json complete;
};

// `input` is a specification (*.json that is not a recording) or a trace or recording, with --sweep. Throws
// UsageError and host::InputError, which name file and key, and host::ReplayError.
[[nodiscard]] ExploreRequest explore_request(const std::string& input,
                                             const boost::program_options::variables_map& values);

}  // namespace nvdla::command
