// SPDX-License-Identifier: Apache-2.0
// Which configurations a loadable can have been compiled for. The file does not say it, but its descriptors
// do in part: precisions, units that not every configuration has, the atoms that the sizes of the cubes
// imply, banks and entries of the convolution buffer. Several can remain (a single pooling runs on many).
#pragma once

#include <string>
#include <vector>

#include "hardware/parameters.h"
#include "host/loadable/loadable.h"

namespace nvdla::host {

// Names of the presets that every DLA task fits, in the order of presets(). Throws InputError for a damaged
// task.
[[nodiscard]] std::vector<std::string> possible_configurations(const Loadable& loadable);

}  // namespace nvdla::host
