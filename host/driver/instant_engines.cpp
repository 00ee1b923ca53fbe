// SPDX-License-Identifier: Apache-2.0
#include "host/driver/instant_engines.h"

namespace nvdla::host {

InstantEngines::InstantEngines(const HardwareParameters& hardware) : file_(hardware) {
  file_.set_listener(this);
  file_.set_cbuf_flushed(true);
}

bool InstantEngines::armed(Unit unit) const { return file_.enabled(unit, file_.consumer(unit)); }
std::uint32_t InstantEngines::mode(Unit unit, const char* name, const char* field) const {
  return file_.field(unit, name, field, file_.consumer(unit));
}

bool InstantEngines::can_complete(Engine engine) const {
  switch (engine) {
    case Engine::kConv:
      return armed(Unit::kCacc) && armed(Unit::kCmacA) && armed(Unit::kCmacB) && armed(Unit::kCsc) &&
             armed(Unit::kCdma) && armed(Unit::kSdp) &&
             mode(Unit::kSdp, "D_FEATURE_MODE_CFG", "FLYING_MODE") == 1;
    case Engine::kSdp:
      return armed(Unit::kSdp) &&
             (mode(Unit::kSdp, "D_FEATURE_MODE_CFG", "FLYING_MODE") == 0 || convolved_ > 0) &&
             (mode(Unit::kSdp, "D_FEATURE_MODE_CFG", "OUTPUT_DST") == 0 || armed(Unit::kPdp));
    case Engine::kPdp:
      return armed(Unit::kPdp) &&
             (mode(Unit::kPdp, "D_OPERATION_MODE_CFG", "FLYING_MODE") == 1 || delivered_ > 0);
    case Engine::kCdp:
      return armed(Unit::kCdp) && armed(Unit::kCdpRdma);
    case Engine::kBdma:
      return file_.has_unit(Unit::kBdma) && armed(Unit::kBdma);
    default:
      return file_.has_unit(Unit::kRubik) && armed(Unit::kRubik);
  }
}

std::vector<Engine> InstantEngines::candidates() const {
  std::vector<Engine> result;
  for (const Engine engine : kAllEngines) {
    if (can_complete(engine)) result.push_back(engine);
  }
  return result;
}

void InstantEngines::finish(Unit unit) {
  file_.start(unit);
  file_.complete(unit);
}

void InstantEngines::complete(Engine engine) {
  const Unit main = engine == Engine::kConv ? Unit::kCacc : engine_info(engine).main;
  const std::uint32_t group = file_.consumer(main);
  switch (engine) {
    case Engine::kConv:
      ++convolved_;
      for (const Unit unit : {Unit::kCdma, Unit::kCsc, Unit::kCmacA, Unit::kCmacB, Unit::kCacc}) finish(unit);
      file_.raise(Interrupt::kCdmaData, group);
      file_.raise(Interrupt::kCdmaWeight, group);
      break;
    case Engine::kSdp:
      if (mode(main, "D_FEATURE_MODE_CFG", "FLYING_MODE") == 1) --convolved_;
      if (mode(main, "D_FEATURE_MODE_CFG", "OUTPUT_DST") == 1) ++delivered_;
      if (armed(Unit::kSdpRdma)) finish(Unit::kSdpRdma);
      finish(main);
      break;
    case Engine::kPdp:
      if (mode(main, "D_OPERATION_MODE_CFG", "FLYING_MODE") == 0) --delivered_;
      if (armed(Unit::kPdpRdma)) finish(Unit::kPdpRdma);
      finish(main);
      break;
    case Engine::kCdp:
      finish(Unit::kCdpRdma);
      finish(main);
      break;
    case Engine::kBdma:
      for (; bdma_queued_ > 0; --bdma_queued_) file_.take_bdma_transfer();
      finish(main);
      break;
    default:
      finish(main);
  }
  file_.raise(engine_info(engine).interrupt, group);
}

}  // namespace nvdla::host
