// SPDX-License-Identifier: Apache-2.0
#include "hardware/units.h"

#include <algorithm>

namespace nvdla {

namespace {

constexpr std::array<EngineInfo, kEngines> kEngineTable = {{
    {"CONV", Unit::kCdma, Interrupt::kCacc},
    {"SDP", Unit::kSdp, Interrupt::kSdp},
    {"PDP", Unit::kPdp, Interrupt::kPdp},
    {"CDP", Unit::kCdp, Interrupt::kCdp},
    {"BDMA", Unit::kBdma, Interrupt::kBdma},
    {"RUBIK", Unit::kRubik, Interrupt::kRubik},
}};

struct UnitInfo {
  std::string_view name;
  std::optional<Engine> engine;
};

constexpr std::array<UnitInfo, kUnits> kUnitTable = {{
    {"CFGROM", std::nullopt},
    {"GLB", std::nullopt},
    {"GEC", std::nullopt},
    {"MCIF", std::nullopt},
    {"CVIF", std::nullopt},
    {"BDMA", Engine::kBdma},
    {"CDMA", Engine::kConv},
    {"CSC", Engine::kConv},
    {"CMAC_A", Engine::kConv},
    {"CMAC_B", Engine::kConv},
    {"CACC", Engine::kConv},
    {"SDP_RDMA", Engine::kSdp},
    {"SDP", Engine::kSdp},
    {"PDP_RDMA", Engine::kPdp},
    {"PDP", Engine::kPdp},
    {"CDP_RDMA", Engine::kCdp},
    {"CDP", Engine::kCdp},
    {"RBK", Engine::kRubik},
}};

constexpr std::array<Engine, kClients> kClientTable = {
    Engine::kBdma,   // bdma
    Engine::kSdp,    // sdp
    Engine::kPdp,    // pdp
    Engine::kCdp,    // cdp
    Engine::kRubik,  // rbk
    Engine::kSdp,    // sdpb
    Engine::kSdp,    // sdpn
    Engine::kSdp,    // sdpe
    Engine::kConv,   // cdmadat
    Engine::kConv    // cdmawt
};

}  // namespace

const EngineInfo& engine_info(Engine engine) { return kEngineTable[static_cast<std::size_t>(engine)]; }

std::string_view engine_name(Engine engine) { return engine_info(engine).name; }

std::optional<Engine> engine_from_name(std::string_view name) {
  for (const Engine engine : kAllEngines)
    if (engine_name(engine) == name) return engine;
  return std::nullopt;
}

std::string_view unit_name(Unit unit) { return kUnitTable[static_cast<std::size_t>(unit)].name; }

std::optional<Unit> unit_from_name(std::string_view name) {
  const auto* const found = std::find_if(kUnitTable.begin(), kUnitTable.end(),
                                         [&](const UnitInfo& info) { return info.name == name; });
  if (found == kUnitTable.end()) return std::nullopt;
  return static_cast<Unit>(found - kUnitTable.begin());
}

std::optional<Engine> engine_of(Unit unit) { return kUnitTable[static_cast<std::size_t>(unit)].engine; }

Engine engine_of(Client client) { return kClientTable[static_cast<std::size_t>(client)]; }

}  // namespace nvdla
