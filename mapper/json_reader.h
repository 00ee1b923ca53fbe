// SPDX-License-Identifier: Apache-2.0
// A network as JSON, schema nvdla-network/1 (docs/networks.md): the layers in order, each with its name and
// type.
#pragma once

#include <string>

#include "mapper/layers.h"

namespace nvdla::mapper {

// Throws host::InputError, "path: layers[3] 'pool1': window: what".
[[nodiscard]] LayerNetwork read_json_network(const std::string& path);
// The same of a text; `path` names it in messages.
[[nodiscard]] LayerNetwork parse_json_network(const std::string& text, const std::string& path);

}  // namespace nvdla::mapper
