// SPDX-License-Identifier: Apache-2.0
// From register events to engines and back: decoding at OP_ENABLE, starts, releases, interrupts.
#include <algorithm>

#include "engine/accelerator_impl.h"
#include "registers/decoder.h"

namespace nvdla::engine {

namespace {

// The unit whose OP_ENABLE counts as the activation of a reported unit.
std::optional<Engine> reported_unit(Unit unit) {
  switch (unit) {
    case Unit::kCdma:
      return Engine::kConv;
    case Unit::kSdp:
      return Engine::kSdp;
    case Unit::kPdp:
      return Engine::kPdp;
    case Unit::kCdp:
      return Engine::kCdp;
    case Unit::kBdma:
      return Engine::kBdma;
    case Unit::kRubik:
      return Engine::kRubik;
    default:
      return std::nullopt;
  }
}

}  // namespace

// Decoding at OP_ENABLE lets an illegal descriptor be reported at the write that asks for it: the registers
// of an enabled group cannot change any more.
void Accelerator::Impl::decode(Unit unit, std::uint32_t group) {
  switch (unit) {
    case Unit::kCdma:
      fetches[group] = registers::decode_fetch(file, group, hardware);
      return;
    case Unit::kCsc:
      sequences[group] = registers::decode_sequence(file, group, hardware);
      return;
    case Unit::kCacc:
      accumulates[group] = registers::decode_accumulate(file, group, hardware);
      return;
    case Unit::kSdpRdma:
      sdp_fetches[group] = registers::decode_sdp_fetch(file, group, hardware);
      sdp_fetch_enabled[group] = true;
      return;
    case Unit::kSdp:
      sdp_operations[group] = registers::decode_sdp(file, group, hardware);
      return;
    case Unit::kPdp:
      pdp_operations[group] = registers::decode_pdp(file, group, hardware);
      return;
    case Unit::kCdp:
      cdp_operations[group] = registers::decode_cdp(file, group, hardware);
      return;
    case Unit::kRubik:
      rubik_operations[group] = registers::decode_rubik(file, group, hardware);
      return;
    case Unit::kBdma:
      bdma_transfers[group] = std::move(bdma_queue);
      bdma_queue.clear();
      if (bdma_transfers[group].empty()) {
        log.warn("BDMA: group " + std::to_string(group) + " launched without a queued transfer",
                 scheduler.now());
      }
      return;
    default:
      return;
  }
}

void Accelerator::Impl::check_convolution(Unit unit, std::uint32_t group) {
  static constexpr std::array<Unit, 5> kParts = {Unit::kCdma, Unit::kCsc, Unit::kCmacA, Unit::kCmacB,
                                                 Unit::kCacc};
  const auto part = std::find(kParts.begin(), kParts.end(), unit);
  if (part == kParts.end()) return;
  std::uint32_t& parts = convolution_parts[group];
  parts |= 1U << (part - kParts.begin());
  if (parts != (1U << kParts.size()) - 1) return;
  parts = 0;
  ConvolutionOperation operation;
  operation.fetch = fetches[group];
  operation.sequence = sequences[group];
  operation.accumulate = accumulates[group];
  registers::check_consistent(file, group, operation, hardware);
}

void Accelerator::Impl::check_sdp(std::uint32_t group) {
  SdpOperation operation = sdp_operations[group];
  operation.has_fetch = true;
  operation.fetch = sdp_fetches[group];
  registers::check_consistent(file, group, operation, hardware);
}

void Accelerator::Impl::on_enable(Unit unit, std::uint32_t group, Cycle entered) {
  const Cycle at = scheduler.now();
  try {
    decode(unit, group);
    check_convolution(unit, group);
    const bool sdp_waits =
        !file.running(Unit::kSdp) || file.consumer(Unit::kSdp) != group || sdp_held == group;
    if (unit == Unit::kSdp && sdp_fetch_enabled[group]) check_sdp(group);
    if (unit == Unit::kSdpRdma && file.enabled(Unit::kSdp, group) && sdp_waits) check_sdp(group);
  } catch (const registers::DecodeError& error) {
    log.fault(error.what(), at);
    return;
  }
  if (const std::optional<Engine> reported = reported_unit(unit)) log.enabled(*reported, group, at);
  enabled_at[static_cast<std::size_t>(unit)][group] = at;
  starter(unit).enabled(group, entered);
  if (unit == Unit::kSdpRdma && sdp_held == group) {
    sdp_held.reset();
    start_sdp(group, at);
  }
  if (unit == Unit::kPdp && !pdp_operations[group].flying) {
    pdp_fetch.wanted[group] = true;
    start_planar_fetch(Unit::kPdpRdma, group, at);
  }
  if (unit == Unit::kCdp) {
    cdp_fetch.wanted[group] = true;
    start_planar_fetch(Unit::kCdpRdma, group, at);
  }
}

void Accelerator::Impl::start_sdp(std::uint32_t group, Cycle at) {
  SdpOperation& operation = sdp_operations[group];
  operation.has_fetch = sdp_fetch_enabled[group];
  if (operation.has_fetch) operation.fetch = sdp_fetches[group];
  sdp_fetch_enabled[group] = false;
  sdp_groups.push_back(group);
  log.started(Engine::kSdp, group, at, operation.flying);
  sdp.start(operation, at);
}

void Accelerator::Impl::start_planar_fetch(Unit rdma, std::uint32_t group, Cycle at) {
  PlanarFetch& fetch = rdma == Unit::kPdpRdma ? pdp_fetch : cdp_fetch;
  if (!fetch.started[group] || !fetch.wanted[group]) return;
  fetch.started[group] = fetch.wanted[group] = false;
  if (rdma == Unit::kPdpRdma) {
    log.read_group(Engine::kPdp, group);
    pdp.fetch_start(pdp_operations[group], at);
  } else {
    log.read_group(Engine::kCdp, group);
    cdp.fetch_start(cdp_operations[group], at);
  }
}

void Accelerator::Impl::unit_started(Unit unit, std::uint32_t group, Cycle at) {
  if (options.level != amaix::Level::kDynamic) {
    closed_form_started(unit, group, at);
    return;
  }
  counters.begin(unit, group);
  switch (unit) {
    case Unit::kCdma:
      log.started(Engine::kConv, group, at, false);
      convolution.fetch_start(fetches[group], at);
      return;
    case Unit::kCacc:
      accumulate_groups.push_back(group);
      ++sequence_waits[3];
      start_sequence(at);
      return;
    case Unit::kCsc:
      ++sequence_waits[0];
      start_sequence(at);
      return;
    case Unit::kCmacA:
      ++sequence_waits[1];
      start_sequence(at);
      return;
    case Unit::kCmacB:
      ++sequence_waits[2];
      start_sequence(at);
      return;
    case Unit::kSdpRdma:
      log.read_group(Engine::kSdp, group);
      sdp.fetch_start(sdp_fetches[group], at);
      return;
    case Unit::kSdp: {
      const SdpOperation& operation = sdp_operations[group];
      const auto reads = [](const SdpStage& stage) { return stage.alu_from_dma || stage.mul_from_dma; };
      if (!sdp_fetch_enabled[group] &&
          (!operation.flying || reads(operation.x1) || reads(operation.x2) || reads(operation.y))) {
        log.warn("SDP: group " + std::to_string(group) +
                     " needs data from memory and waits for SDP_RDMA to be enabled",
                 at);
        sdp_held = group;
        return;
      }
      start_sdp(group, at);
      return;
    }
    case Unit::kPdpRdma:
      pdp_fetch.started[group] = true;
      start_planar_fetch(unit, group, at);
      return;
    case Unit::kPdp:
      pdp_groups.push_back(group);
      log.started(Engine::kPdp, group, at, pdp_operations[group].flying);
      pdp.start(pdp_operations[group], at);
      return;
    case Unit::kCdpRdma:
      cdp_fetch.started[group] = true;
      start_planar_fetch(unit, group, at);
      return;
    case Unit::kCdp:
      cdp_groups.push_back(group);
      log.started(Engine::kCdp, group, at, false);
      cdp.start(cdp_operations[group], at);
      return;
    case Unit::kBdma:
      bdma_groups.push_back(group);
      log.started(Engine::kBdma, group, at, false);
      for (std::size_t i = 0; i < bdma_transfers[group].size(); ++i) file.take_bdma_transfer();
      bdma.start(bdma_transfers[group], at);
      return;
    case Unit::kRubik:
      rubik_groups.push_back(group);
      log.started(Engine::kRubik, group, at, false);
      rubik.start(rubik_operations[group], at);
      return;
    default:
      return;
  }
}

// CSC issues when the units behind it have taken their groups too.
void Accelerator::Impl::start_sequence(Cycle at) {
  if (std::find(sequence_waits.begin(), sequence_waits.end(), 0U) != sequence_waits.end()) return;
  for (std::uint32_t& waiting : sequence_waits) --waiting;
  convolution.sequence_start(sequences[starter(Unit::kCsc).group()], at);
}

void Accelerator::Impl::raise(Interrupt source, std::uint32_t group, Cycle at) {
  file.raise(source, group);
  std::uint32_t status = 0;
  file.peek(file.map().offset(Unit::kGlb, "S_INTR_STATUS"), status);
  log.interrupt(status, at);
}

void Accelerator::Impl::finish(Engine unit, Interrupt source, std::deque<std::uint32_t>& groups, Cycle at) {
  log.done(unit, at);
  const std::uint32_t group = groups.front();
  groups.pop_front();
  raise(source, group, at);
}

void Accelerator::Impl::on_fetch_done(Cycle at) {
  log.fetched();
  counters.end(Unit::kCdma, starter(Unit::kCdma).release(at));
}

void Accelerator::Impl::on_sequence_done(Cycle at) {
  starter(Unit::kCmacA).release(at);
  starter(Unit::kCmacB).release(at);
  starter(Unit::kCsc).release(at);
}

void Accelerator::Impl::on_accumulate_done(Cycle at) {
  const SequenceCycles& cycles = convolution.sequence_cycles();
  const std::uint64_t most =
      std::max({cycles.active, cycles.load, cycles.wait_data, cycles.wait_weights, cycles.wait_credits});
  const ConvolutionFetch& fetch = fetches[accumulate_groups.back()];
  const auto memory = [](MemorySpace space) {
    return space == MemorySpace::kDbb ? Resource::kDbb : Resource::kCvsram;
  };
  Resource bound = Resource::kMacArray;
  if (most == cycles.active) {
    bound = Resource::kMacArray;
  } else if (most == cycles.load) {
    bound = Resource::kWeightLoad;
  } else if (most == cycles.wait_weights) {
    bound = memory(fetch.weight_space);
  } else if (most == cycles.wait_credits) {
    bound = Resource::kCaccDelivery;
  } else {
    bound = Resource::kCdmaData;
  }
  log.bound_by(Engine::kConv, bound);
  starter(Unit::kCacc).release(at);
}

void Accelerator::Impl::on_accumulate_interrupt(Cycle at) {
  finish(Engine::kConv, Interrupt::kCacc, accumulate_groups, at);
}

void Accelerator::Impl::on_sdp_done(const SdpCompletion& completion) {
  log.bound_by(Engine::kSdp, completion.bound_by);
  counters.end(Unit::kSdp, sdp_groups.front());
  finish(Engine::kSdp, Interrupt::kSdp, sdp_groups, completion.interrupt);
}

void Accelerator::Impl::on_stream_fetch_done(Client unit, Cycle at) {
  for (const auto& [client, rdma] :
       {std::pair{Client::kPdp, Unit::kPdpRdma}, std::pair{Client::kCdp, Unit::kCdpRdma}}) {
    if (unit == client) counters.end(rdma, starter(rdma).release(at));
  }
}

void Accelerator::Impl::on_stream_released(Client unit, Cycle at) {
  switch (unit) {
    case Client::kPdp:
      starter(Unit::kPdp).release(at);
      return;
    case Client::kCdp:
      starter(Unit::kCdp).release(at);
      return;
    case Client::kBdma:
      starter(Unit::kBdma).release(at);
      return;
    default:
      starter(Unit::kRubik).release(at);
  }
}

void Accelerator::Impl::on_stream_done(Client unit, const StreamCompletion& completion) {
  const auto done = [&](Unit done_unit, Engine reported, Interrupt source,
                        std::deque<std::uint32_t>& groups) {
    log.bound_by(reported, completion.bound_by);
    counters.end(done_unit, groups.front());
    finish(reported, source, groups, completion.interrupt);
  };
  switch (unit) {
    case Client::kPdp:
      done(Unit::kPdp, Engine::kPdp, Interrupt::kPdp, pdp_groups);
      return;
    case Client::kCdp:
      done(Unit::kCdp, Engine::kCdp, Interrupt::kCdp, cdp_groups);
      return;
    case Client::kBdma:
      done(Unit::kBdma, Engine::kBdma, Interrupt::kBdma, bdma_groups);
      return;
    default:
      done(Unit::kRubik, Engine::kRubik, Interrupt::kRubik, rubik_groups);
  }
}

void Accelerator::Impl::on_bdma_queued() {
  try {
    bdma_queue.push_back(registers::decode_bdma(file, hardware));
  } catch (const registers::DecodeError& error) {
    log.fault(error.what(), scheduler.now());
    file.take_bdma_transfer();  // it is never executed
  }
}

void Accelerator::Impl::on_written(Unit unit, std::uint32_t /*offset*/, std::uint32_t /*value*/) {
  if (unit != Unit::kMcif && unit != Unit::kCvif) return;
  MemoryInterface& memory = unit == Unit::kMcif ? dbb : cvsram;
  struct Weight {
    const char* name;
    const char* field;
    Client client;
  };
  static constexpr std::array<Weight, 10> kRead = {
      {{"CFG_RD_WEIGHT_0", "RD_WEIGHT_BDMA", Client::kBdma},
       {"CFG_RD_WEIGHT_0", "RD_WEIGHT_SDP", Client::kSdp},
       {"CFG_RD_WEIGHT_0", "RD_WEIGHT_PDP", Client::kPdp},
       {"CFG_RD_WEIGHT_0", "RD_WEIGHT_CDP", Client::kCdp},
       {"CFG_RD_WEIGHT_1", "RD_WEIGHT_SDP_B", Client::kSdpB},
       {"CFG_RD_WEIGHT_1", "RD_WEIGHT_SDP_N", Client::kSdpN},
       {"CFG_RD_WEIGHT_1", "RD_WEIGHT_SDP_E", Client::kSdpE},
       {"CFG_RD_WEIGHT_1", "RD_WEIGHT_CDMA_DAT", Client::kCdmaDat},
       {"CFG_RD_WEIGHT_2", "RD_WEIGHT_CDMA_WT", Client::kCdmaWt},
       {"CFG_RD_WEIGHT_2", "RD_WEIGHT_RBK", Client::kRubik}}};
  static constexpr std::array<Weight, 5> kWrite = {{{"CFG_WR_WEIGHT_0", "WR_WEIGHT_BDMA", Client::kBdma},
                                                    {"CFG_WR_WEIGHT_0", "WR_WEIGHT_SDP", Client::kSdp},
                                                    {"CFG_WR_WEIGHT_0", "WR_WEIGHT_PDP", Client::kPdp},
                                                    {"CFG_WR_WEIGHT_0", "WR_WEIGHT_CDP", Client::kCdp},
                                                    {"CFG_WR_WEIGHT_1", "WR_WEIGHT_RBK", Client::kRubik}}};
  for (const Weight& weight : kRead) {
    memory.set_read_weight(weight.client, file.field(unit, weight.name, weight.field, 0));
  }
  for (const Weight& weight : kWrite) {
    memory.set_write_weight(weight.client, file.field(unit, weight.name, weight.field, 0));
  }
  // The counters admit one more than the register says.
  memory.set_outstanding_limits(file.field(unit, "CFG_OUTSTANDING_CNT", "RD_OS_CNT", 0) + 1,
                                file.field(unit, "CFG_OUTSTANDING_CNT", "WR_OS_CNT", 0) + 1);
}

}  // namespace nvdla::engine
