// SPDX-License-Identifier: Apache-2.0
// Levels roofline and refined: a hardware operation is one lump of time, computed by the sub-model when every
// unit that takes part has taken its register group. All of them are done, and their interrupts raised, when
// the lump ends.
//   roofline: done = max(OP_ENABLE, previous done of the unit) + bound
//   refined:  done = start of the read DMA (convolution: of CDMA) + estimate
// No DMA takes place; the bytes that it would move are reported.
#include <algorithm>
#include <cmath>

#include "amaix/bdma_estimate.h"
#include "amaix/cdp_estimate.h"
#include "amaix/convolution_estimate.h"
#include "amaix/pdp_estimate.h"
#include "amaix/rubik_estimate.h"
#include "amaix/sdp_estimate.h"
#include "engine/accelerator_impl.h"
#include "registers/decoder.h"

namespace nvdla::engine {

namespace {

std::size_t index(Unit unit) { return static_cast<std::size_t>(unit); }
std::size_t index(Engine unit) { return static_cast<std::size_t>(unit); }

}  // namespace

void Accelerator::Impl::closed_form_started(Unit unit, std::uint32_t group, Cycle at) {
  taken[index(unit)] = Taken{group, at};
  switch (unit) {
    case Unit::kCdma:
      log.started(Engine::kConv, group, at, false);
      break;
    case Unit::kSdp:
      log.started(Engine::kSdp, group, at, sdp_operations[group].flying);
      break;
    case Unit::kPdp:
      log.started(Engine::kPdp, group, at, pdp_operations[group].flying);
      break;
    case Unit::kCdp:
      log.started(Engine::kCdp, group, at, false);
      break;
    case Unit::kBdma:
      log.started(Engine::kBdma, group, at, false);
      for (std::size_t i = 0; i < bdma_transfers[group].size(); ++i) file.take_bdma_transfer();
      break;
    case Unit::kRubik:
      log.started(Engine::kRubik, group, at, false);
      break;
    default:
      break;
  }
  closed_form_consider();
}

void Accelerator::Impl::closed_form_consider() {
  const memory::MemorySystem& memory = options.nominal_memory;
  closed_form_convolution();
  if (taken[index(Unit::kSdp)] && !sdp_operations[taken[index(Unit::kSdp)]->group].flying) {
    closed_form_single(Engine::kSdp, {Unit::kSdpRdma, Unit::kSdp}, Interrupt::kSdp, [&](std::uint32_t group) {
      SdpOperation operation = sdp_operations[group];
      operation.has_fetch = true;
      operation.fetch = sdp_fetches[group];
      return amaix::estimate_sdp(operation, hardware, memory, options.level);
    });
  }
  if (taken[index(Unit::kPdp)] && !pdp_operations[taken[index(Unit::kPdp)]->group].flying) {
    closed_form_single(Engine::kPdp, {Unit::kPdpRdma, Unit::kPdp}, Interrupt::kPdp, [&](std::uint32_t group) {
      return amaix::estimate_pdp(registers::decode_pdp(file, group, hardware), hardware, memory,
                                 options.level);
    });
  }
  closed_form_single(Engine::kCdp, {Unit::kCdpRdma, Unit::kCdp}, Interrupt::kCdp, [&](std::uint32_t group) {
    return amaix::estimate_cdp(registers::decode_cdp(file, group, hardware), hardware, memory, options.level);
  });
  closed_form_single(Engine::kBdma, {Unit::kBdma}, Interrupt::kBdma, [&](std::uint32_t group) {
    return amaix::estimate_bdma(bdma_transfers[group], hardware, memory, options.level);
  });
  closed_form_single(Engine::kRubik, {Unit::kRubik}, Interrupt::kRubik, [&](std::uint32_t group) {
    return amaix::estimate_rubik(rubik_operations[group], hardware, memory, options.level);
  });
}

// An operation of one unit, with its read DMA first in `parts`.
void Accelerator::Impl::closed_form_single(Engine reported, std::initializer_list<Unit> parts,
                                           Interrupt source,
                                           const std::function<amaix::Estimate(std::uint32_t)>& estimate) {
  for (const Unit unit : parts) {
    if (!taken[index(unit)]) return;
  }
  const Unit first = *parts.begin();
  const Unit main = *(parts.end() - 1);
  const std::uint32_t group = taken[index(main)]->group;
  const amaix::Estimate result = estimate(group);
  const Cycle begin = options.level == amaix::Level::kRoofline
                          ? std::max(enabled_at[index(main)][group], last_done[index(reported)])
                          : taken[index(first)]->at;
  Lump lump;
  lump.done = std::max(scheduler.now() + 1, begin + static_cast<Cycle>(std::llround(result.cycles)));
  lump.units = parts;
  lump.reports.push_back({reported, source, group, result.bound_by, result.dbb, result.cvsram});
  for (const Unit unit : parts) taken[index(unit)].reset();
  lump_timer.wake(lump.done);
  lumps.push_back(std::move(lump));
}

// A convolution with the SDP, and the PDP, that work on the fly behind it.
void Accelerator::Impl::closed_form_convolution() {
  std::vector<Unit> units = {Unit::kCdma, Unit::kCsc, Unit::kCmacA, Unit::kCmacB, Unit::kCacc, Unit::kSdp};
  for (const Unit unit : units) {
    if (!taken[index(unit)]) return;
  }
  const std::uint32_t group = taken[index(Unit::kCdma)]->group;
  const std::uint32_t sdp_group = taken[index(Unit::kSdp)]->group;
  SdpOperation operation = sdp_operations[sdp_group];
  if (!operation.flying) return;
  if (sdp_fetch_enabled[sdp_group]) {
    if (!taken[index(Unit::kSdpRdma)]) return;
    units.push_back(Unit::kSdpRdma);
    operation.has_fetch = true;
    operation.fetch = sdp_fetches[sdp_group];
  }
  if (operation.output_to_pdp) {
    if (!taken[index(Unit::kPdp)]) return;
    units.push_back(Unit::kPdp);
  }
  sdp_fetch_enabled[sdp_group] = false;

  const memory::MemorySystem& memory = options.nominal_memory;
  const ConvolutionFetch& fetch = fetches[group];
  amaix::ConvolutionContext context;
  context.banks_change = fetch.data_banks != last_fetch.data_banks ||
                         fetch.weight_banks != last_fetch.weight_banks || last_fetch.kernels == 0;
  context.fetch_data = !(fetch.data_reuse && last_fetch.skip_data_release && !context.banks_change);
  context.fetch_weights = !(fetch.weight_reuse && last_fetch.skip_weight_release && !context.banks_change);
  last_fetch = fetch;
  const amaix::SdpOnTheFly behind = amaix::sdp_on_the_fly(operation, hardware, memory);
  const amaix::Estimate result = amaix::estimate_convolution(
      fetch, sequences[taken[index(Unit::kCsc)]->group], behind, hardware, memory, context, options.level);
  const Cycle begin = options.level == amaix::Level::kRoofline
                          ? std::max(enabled_at[index(Unit::kCdma)][group], last_done[index(Engine::kConv)])
                          : taken[index(Unit::kCdma)]->at;
  Lump lump;
  lump.done = std::max(scheduler.now() + 1, begin + static_cast<Cycle>(std::llround(result.cycles)));
  lump.other_interrupts = {{Interrupt::kCdmaData, group}, {Interrupt::kCdmaWeight, group}};
  lump.reports.push_back(
      {Engine::kConv, Interrupt::kCacc, group, result.bound_by, result.dbb, result.cvsram});
  lump.reports.push_back(
      {Engine::kSdp, Interrupt::kSdp, sdp_group, behind.resource, behind.dbb, behind.cvsram});
  if (operation.output_to_pdp) {
    lump.reports.push_back(
        {Engine::kPdp, Interrupt::kPdp, taken[index(Unit::kPdp)]->group, Resource::kPdpCore, {}, {}});
  }
  for (const Unit unit : units) taken[index(unit)].reset();
  lump.units = std::move(units);
  lump_timer.wake(lump.done);
  lumps.push_back(std::move(lump));
}

void Accelerator::Impl::closed_form_finish() {
  const Cycle now = scheduler.now();
  std::vector<Lump> due;
  for (auto lump = lumps.begin(); lump != lumps.end();) {
    if (lump->done > now) {
      ++lump;
      continue;
    }
    due.push_back(std::move(*lump));
    lump = lumps.erase(lump);
  }
  for (const Lump& lump : due) {
    for (const auto& [source, group] : lump.other_interrupts) raise(source, group, now);
    for (const Lump::Report& report : lump.reports) {
      last_done[index(report.unit)] = now;
      log.bound_by(report.unit, report.bound_by);
      log.traffic(report.unit, report.dbb, report.cvsram);
      log.done(report.unit, now);
      raise(report.source, report.group, now);
    }
    for (const Unit unit : lump.units) starter(unit).release(now);
  }
  for (const Lump& lump : lumps) lump_timer.wake(lump.done);
}

}  // namespace nvdla::engine
