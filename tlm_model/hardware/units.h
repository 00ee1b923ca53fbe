// SPDX-License-Identifier: Apache-2.0
// Who is who in the accelerator. An engine is what runs an operation of its own: the convolution pipeline,
// SDP, PDP, CDP, BDMA, Rubik. It consists of units with a register window, reaches memory through clients of
// the memory interface and reports through interrupt sources of GLB. Which belong to which engine is said
// here and nowhere else.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "hardware/clients.h"

namespace nvdla {

// In the order of reports.
enum class Engine : std::uint8_t { kConv, kSdp, kPdp, kCdp, kBdma, kRubik };
inline constexpr std::size_t kEngines = 6;
inline constexpr std::array<Engine, kEngines> kAllEngines = {Engine::kConv, Engine::kSdp,  Engine::kPdp,
                                                             Engine::kCdp,  Engine::kBdma, Engine::kRubik};

// Units with a register window. Units with ping-pong groups run from kBdma on.
enum class Unit : std::uint8_t {
  kCfgrom,
  kGlb,
  kGec,
  kMcif,
  kCvif,
  kBdma,
  kCdma,
  kCsc,
  kCmacA,
  kCmacB,
  kCacc,
  kSdpRdma,
  kSdp,
  kPdpRdma,
  kPdp,
  kCdpRdma,
  kCdp,
  kRubik
};
inline constexpr std::size_t kUnits = 18;

// Interrupt sources in GLB_S_INTR_STATUS; each has one bit a group.
enum class Interrupt : std::uint8_t { kSdp, kCdp, kPdp, kBdma, kRubik, kCdmaData, kCdmaWeight, kCacc };

// As in reports: CONV, SDP, PDP, CDP, BDMA, RUBIK.
[[nodiscard]] std::string_view engine_name(Engine engine);
[[nodiscard]] std::optional<Engine> engine_from_name(std::string_view name);

// As in the register manual: CFGROM, GLB, ..., RBK.
[[nodiscard]] std::string_view unit_name(Unit unit);
[[nodiscard]] std::optional<Unit> unit_from_name(std::string_view name);

struct EngineInfo {
  std::string_view name;
  Unit main;            // its OP_ENABLE is the activation of the engine
  Interrupt interrupt;  // ends the operation
};
[[nodiscard]] const EngineInfo& engine_info(Engine engine);

// The engine that a unit, a client belongs to; nothing for units without groups.
[[nodiscard]] std::optional<Engine> engine_of(Unit unit);
[[nodiscard]] Engine engine_of(Client client);

}  // namespace nvdla
