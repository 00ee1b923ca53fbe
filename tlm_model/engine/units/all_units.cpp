// SPDX-License-Identifier: Apache-2.0
#include "engine/units/all_units.h"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "engine/units/bdma/bdma_unit.h"
#include "engine/units/cdp/cdp_unit.h"
#include "engine/units/convolution/convolution_unit.h"
#include "engine/units/pdp/pdp_unit.h"
#include "engine/units/rubik/rubik_unit.h"
#include "engine/units/sdp/sdp_unit.h"

namespace nvdla::engine {

Units make_units(Core& core) {
  // A unit that takes on the fly stands before the one that gives.
  auto pdp = std::make_unique<PdpUnit>(core);
  auto sdp = std::make_unique<SdpUnit>(core, *pdp);
  Units units;
  units.push_back(std::make_unique<ConvolutionUnit>(core, *sdp));
  units.push_back(std::move(sdp));
  units.push_back(std::move(pdp));
  units.push_back(std::make_unique<CdpUnit>(core));
  units.push_back(std::make_unique<BdmaUnit>(core));
  units.push_back(std::make_unique<RubikUnit>(core));
  return units;
}

void add_or_replace(Units& units, std::unique_ptr<EngineUnit> unit) {
  const Engine engine = unit->engine();
  if (engine == Engine::kConv || engine == Engine::kSdp || engine == Engine::kPdp)
    throw std::invalid_argument("unit of engine " + std::string(engine_name(engine)) +
                                ": is connected to its neighbours and cannot be replaced alone");
  const auto old = std::find_if(units.begin(), units.end(),
                                [&](const auto& present) { return present->engine() == engine; });
  if (old == units.end()) {
    units.push_back(std::move(unit));
  } else {
    *old = std::move(unit);
  }
}

}  // namespace nvdla::engine
