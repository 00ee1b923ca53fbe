// SPDX-License-Identifier: Apache-2.0
// An explanation, or an exploration, as one HTML file that needs nothing else: its JSON, the charting library
// and what draws it (command/html).
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <ostream>

namespace nvdla::command {

// The JSON of explain_report.h.
void write_html(std::ostream& out, const nlohmann::ordered_json& explanation);
// The JSON of front_report.h, with points.
void write_front_html(std::ostream& out, const nlohmann::ordered_json& front);

}  // namespace nvdla::command
