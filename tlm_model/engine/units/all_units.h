// SPDX-License-Identifier: Apache-2.0
// The engines of an accelerator and how they are connected on the fly. Who adds a unit makes a list of his
// own with add_or_replace() (docs/adding-a-unit.md).
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "engine/core.h"
#include "engine/units/unit.h"

namespace nvdla::engine {

using Units = std::vector<std::unique_ptr<EngineUnit>>;
// Called once for an accelerator; the units keep a reference to `core`.
using UnitFactory = std::function<Units(Core& core)>;

// The six of NVDLA. A unit that takes on the fly is connected to the one that gives.
[[nodiscard]] Units make_units(Core& core);

// Takes the place of the unit of the same engine. Throws std::invalid_argument for CONV, SDP and PDP, which
// hold references to each other.
void add_or_replace(Units& units, std::unique_ptr<EngineUnit> unit);

}  // namespace nvdla::engine
