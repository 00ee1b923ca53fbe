// SPDX-License-Identifier: Apache-2.0
// An explanation as one HTML file that needs nothing else: the JSON of explain_report.h, the charting library
// and what draws it (command/html).
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <ostream>

namespace nvdla::command {

void write_html(std::ostream& out, const nlohmann::ordered_json& explanation);

}  // namespace nvdla::command
