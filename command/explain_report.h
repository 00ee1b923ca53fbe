// SPDX-License-Identifier: Apache-2.0
// An explanation as text for the console and as JSON (nvdla-explain/1, docs/formats.md).
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <ostream>
#include <vector>

#include "analysis/explain.h"
#include "analysis/what_if.h"

namespace nvdla::command {

void write_explanation(std::ostream& out, const analysis::Explanation& explanation,
                       const std::vector<analysis::WhatIf>& what_if);
[[nodiscard]] nlohmann::ordered_json explanation_json(const analysis::Explanation& explanation,
                                                      const std::vector<analysis::WhatIf>& what_if);

}  // namespace nvdla::command
