// SPDX-License-Identifier: Apache-2.0
#include "amaix/sdp_plan.h"

#include <algorithm>

#include "amaix/stream_plan.h"
#include "hardware/paths/sdp.h"
#include "operation/divide.h"

namespace nvdla::amaix {

namespace {

std::uint32_t elements_per_atom(Precision processing, const HardwareParameters& hardware) {
  return hardware.memory_atom_bytes / bytes_per_element(processing);
}

std::uint32_t transfers_per_atom(Precision processing, const HardwareParameters& hardware) {
  return std::max<std::uint32_t>(1, elements_per_atom(processing, hardware) / hardware.sdp_throughput);
}

bool point(const Cube& cube) { return cube.width == 1 && cube.height == 1; }

// Atoms of operand for one atom of the processed cube: two bytes for an element of int8 double it, ALU and
// MUL operands together double it again (BRDMA_ig: size_of_width, size_of_straight).
std::uint32_t operand_atoms(const SdpOperand& operand, Precision processing) {
  const std::uint32_t size = processing == Precision::kInt8 && operand.two_bytes ? 2 : 1;
  return operand.use == SdpDataUse::kBoth ? 2 * size : size;
}

constexpr std::uint64_t kPackAtoms = 4;

// SDP_RDMA_unpack of the scalable generation hands on four atoms at once, or what is left of a request.
std::uint64_t gather_bytes(const HardwareParameters& hardware) {
  return hardware.generation == Generation::kV1 ? 1 : kPackAtoms * hardware.memory_atom_bytes;
}

SdpStream main_stream(const SdpFetch& fetch, const HardwareParameters& hardware) {
  const std::uint32_t atom = hardware.memory_atom_bytes;
  const bool narrowing =
      fetch.input_precision == Precision::kInt16 && fetch.processing_precision == Precision::kInt8;
  SdpStream stream;
  stream.client = Client::kSdp;
  stream.space = fetch.source.space;
  SdpWalkShape& walk = stream.walk;
  walk.base = fetch.source.address;
  walk.atom_bytes = atom;
  const Precision slicing = narrowing ? Precision::kInt8 : fetch.input_precision;
  const std::uint32_t slices = ceil_div(fetch.cube.channels, elements_per_atom(slicing, hardware));
  if (point(fetch.cube)) {  // all surfaces in one request
    walk.width = walk.block = narrowing ? 2 * slices : slices;
    walk.inner = fetch.batches;
  } else {
    walk.width = fetch.cube.width;
    walk.lines = fetch.cube.height;
    walk.line_step = fetch.source.line_stride;
    walk.surfaces = slices;
    walk.surface_step = fetch.source.surface_stride;
    if (narrowing) {  // pairs of surfaces, eight atoms of each in turn
      walk.block = 8;
      walk.inner = 2;
      walk.inner_step = fetch.source.surface_stride;
      walk.surface_step = std::uint64_t{2} * fetch.source.surface_stride;
      stream.lookahead_bytes = std::uint64_t{8} * atom;
    } else {
      walk.block = walk.width;
      walk.inner = fetch.batches;
    }
  }
  stream.record_bytes = atom;
  stream.record_transfers = transfers_per_atom(fetch.input_precision, hardware);
  stream.gather_bytes = gather_bytes(hardware);
  stream.request_bytes = std::uint64_t{walk.block} * atom;
  return stream;
}

SdpStream operand_stream(Client client, const SdpOperand& operand, const SdpFetch& fetch,
                         const HardwareParameters& hardware) {
  const std::uint32_t atom = hardware.memory_atom_bytes;
  const std::uint32_t atoms = operand_atoms(operand, fetch.processing_precision);
  const std::uint32_t per_atom = transfers_per_atom(fetch.processing_precision, hardware);
  const std::uint32_t surfaces =
      ceil_div(fetch.cube.channels, elements_per_atom(fetch.processing_precision, hardware));
  SdpStream stream;
  stream.client = client;
  stream.space = operand.source.space;
  stream.adder = operand.use != SdpDataUse::kMul;
  stream.multiplier = operand.use != SdpDataUse::kAlu;
  SdpWalkShape& walk = stream.walk;
  walk.base = operand.source.address;
  walk.atom_bytes = atom;
  stream.record_bytes = std::uint64_t{atoms} * atom;
  if (!operand.per_element || point(fetch.cube)) {
    walk.width = walk.block = atoms * surfaces;
  } else {
    walk.width = walk.block = atoms * fetch.cube.width;
    walk.lines = fetch.cube.height;
    walk.line_step = operand.source.line_stride;
    walk.surfaces = surfaces;
    walk.surface_step = operand.source.surface_stride;
    if (fetch.winograd) {  // tiles of 4 lines, two positions a request
      walk.block = 2 * atoms;
      walk.inner = 4;
      walk.inner_step = operand.source.line_stride;
      walk.lines = ceil_div(fetch.cube.height, 4);
      walk.line_step = std::uint64_t{4} * operand.source.line_stride;
    }
  }
  stream.gather_bytes = gather_bytes(hardware);
  stream.request_bytes = std::uint64_t{walk.block} * atom;
  stream.record_atoms = fetch.batches;
  if (!operand.per_element) stream.record_atoms *= std::uint64_t{fetch.cube.width} * fetch.cube.height;
  stream.record_transfers = per_atom * stream.record_atoms;
  return stream;
}

std::uint32_t x_depth(const SdpStage& stage, const paths::SdpPaths& paths) {
  if (stage.bypass) return 0;
  return paths.x.cycles() + (stage.alu_bypass ? 0 : paths.x_alu.cycles()) +
         (stage.mul_bypass ? 0 : paths.x_mul.cycles());
}

std::uint32_t y_depth(const SdpStage& stage, const paths::SdpPaths& paths) {
  if (stage.bypass) return 0;
  return paths.y.cycles() + (stage.alu_bypass ? 0 : paths.y_alu.cycles()) +
         (stage.mul_bypass ? 0 : paths.y_mul.cycles()) + (stage.lut ? paths.y_lut.cycles() : 0);
}

SdpOutput output_of(const SdpOperation& operation, const HardwareParameters& hardware, SdpPlan& plan) {
  const bool v1 = hardware.generation == Generation::kV1;
  const bool widening =
      operation.processing_precision == Precision::kInt8 && operation.output_precision != Precision::kInt8;
  if (operation.processing_precision != Precision::kInt8 && operation.output_precision == Precision::kInt8)
    plan.warnings.push_back(
        "SDP: int8 output of 16-bit processing is not covered; the write DMA is timed as for 16-bit output");
  SdpOutput output;
  output.space = operation.destination.space;
  output.unit_bytes = hardware.mcif_chunk_beats * hardware.dbb_width_bytes;
  output.slot_bytes = v1 ? hardware.dbb_width_bytes : 0;
  output.transfers_per_atom = widening ? std::max(1U, plan.transfers_per_atom / 2) : plan.transfers_per_atom;
  SdpWalkShape& walk = output.walk;
  walk.base = operation.destination.address;
  walk.atom_bytes = hardware.memory_atom_bytes;
  if (point(operation.cube) && operation.batches == 1) {
    walk.width = walk.block = widening ? 2 * plan.surfaces : plan.surfaces;
    return output;
  }
  walk.width = walk.block = operation.cube.width;
  walk.lines = operation.cube.height;
  walk.line_step = operation.destination.line_stride;
  walk.surfaces = plan.surfaces;
  walk.surface_step = operation.destination.surface_stride;
  // The order of precedence is WDMA_cmd's.
  if (widening) {
    walk.block = 2;
    walk.aligned_blocks = true;
    walk.inner = 2;
    walk.inner_step = operation.destination.surface_stride;
    walk.surface_step = std::uint64_t{2} * operation.destination.surface_stride;
  } else if (operation.winograd) {
    walk.block = 2;
    walk.inner = 4;
    walk.inner_step = operation.destination.line_stride;
    walk.lines = ceil_div(operation.cube.height, 4);
    walk.line_step = std::uint64_t{4} * operation.destination.line_stride;
  } else if (operation.batches > 1) {
    walk.block = v1 ? 2 : 1;
    walk.aligned_blocks = true;
    walk.inner = operation.batches;
    walk.inner_step = operation.batch_stride;
  }
  return output;
}

// Cycles that one transfer occupies a sub-engine of `rate` elements a cycle.
std::uint32_t stage_cycles(const SdpStage& stage, std::uint32_t rate, const char* name,
                           const HardwareParameters& hardware, SdpPlan& plan) {
  if (stage.bypass) return 1;
  if (rate == 0) {
    plan.warnings.push_back(std::string("SDP: sub-engine ") + name + " is enabled but " + hardware.name +
                            " has none; timed as bypassed");
    return 1;
  }
  return ceil_div(hardware.sdp_throughput, rate);
}

// Of an X.
std::uint32_t skid_registers(std::uint32_t depth, bool v1) {
  if (depth == 0) return 0;
  return v1 ? paths::kSdpXSkidsV1.cycles() : depth - paths::kSdpXPlain.cycles();
}

// Registers in front of an X's multiplier.
std::uint32_t behind_alu(const SdpStage& stage, std::uint32_t depth, std::uint32_t alu) {
  if (depth != 0 && !stage.alu_bypass) return alu;
  return 0;
}

std::uint32_t y_convert(bool converts) {
  return paths::kSdpYOperand.cycles() + (converts ? paths::kSdpYConvert.cycles() : 0);
}

bool pairs(const SdpOperation& operation, const SdpOperand& operand) {
  return operation.has_fetch && operand.enabled && operand.per_element && operand.use == SdpDataUse::kBoth;
}

}  // namespace

std::uint32_t SdpOutput::slots(const SdpRequest& part, bool begins) const {
  if (slot_bytes == 0) return 0;
  return (begins ? 1 : 0) + write_slots(part.address, part.bytes, begins, unit_bytes, slot_bytes);
}

std::uint64_t SdpStream::pack_begin(std::uint64_t byte) const {
  return byte - byte % request_bytes % gather_bytes;
}

std::uint64_t SdpStream::pack_end(std::uint64_t byte) const {
  return std::min(byte - byte % request_bytes + request_bytes, pack_begin(byte) + gather_bytes);
}

std::uint64_t SdpStream::behind(std::uint64_t transfer) const {
  const std::uint64_t first = pack_begin(transfer / record_transfers * record_bytes) / record_bytes;
  return transfer - first * record_transfers;
}

std::uint64_t SdpStream::room_behind(std::uint64_t records, const SdpPathLengths& paths) const {
  const std::uint64_t left = (records + paths.records_ahead) * record_bytes;
  // The next pack is in the FIFOs when the atoms in its places have left them, or behind the one before if it
  // is a single atom; the one behind is in unpack.
  const std::uint64_t begin = pack_begin(left), head = pack_end(left), next = pack_end(head);
  const bool gone =
      left - begin >= std::min(head - begin, next - head) || next - head == gather_bytes / kPackAtoms;
  return gone ? pack_end(next) : next;
}

double SdpStream::beats_ahead(double beats, const HardwareParameters& hardware) const {
  const std::uint32_t fifo = hardware.read_latency_fifo_beats[static_cast<std::size_t>(client)];
  if (fifo == 0 || beats <= fifo) return beats;
  const SdpPathLengths& paths = sdp_path_lengths(hardware);
  if (paths.credit == 0) return fifo;  // room behind it is not followed
  const std::uint64_t behind = room_ahead(hardware) / hardware.dbb_width_bytes;
  return std::min(beats, static_cast<double>(fifo + behind));
}

SdpPlan::Place SdpPlan::place_of(const SdpStream& stream) const {
  if (stream.client == Client::kSdp) return {};
  const std::uint32_t before = depth_before(stream.client);
  if (to_x == 0) return {before, 0};
  std::uint32_t skids = paths::kSdpToXSkids.cycles();
  if (stream.client != Client::kSdpB) skids += skid_registers(depth_x1, false);
  if (stream.client == Client::kSdpE) skids += skid_registers(depth_x2, false);
  if (stream.client == Client::kSdpE) {  // from where the data wait, behind the pack, the operand was here
    const std::uint32_t convert = stream.adder ? convert_alu : convert_mul;
    const std::uint32_t behind = to_x + before + (stream.adder ? second_y : 0);
    const std::uint32_t held = stream.multiplier || !stream.adder ? 0 : 2 * second_y / cycles_per_transfer;
    return {behind + cycles_per_transfer - 1 - convert, to_x + before + skids + held};
  }
  const std::uint32_t second =
      !stream.multiplier ? 0 : (stream.client == Client::kSdpB ? second_x1 : second_x2);
  return {to_x + before + second, to_x + before + skids + 2 * second};
}

// Transfers between the entry and where data wait for the operands of the stream, the first if there are two.
std::uint32_t SdpPlan::standing(const SdpStream& stream) const {
  const std::uint32_t held = place_of(stream).transfers;
  if (!stream.adder || !stream.multiplier) return held;
  if (stream.client == Client::kSdpB) return held - 2 * second_x1;
  return stream.client == Client::kSdpN ? held - 2 * second_x2 : held;
}

// One that goes on makes room for the one in front after the registers' way less a cycle for each of their
// transfers that is one more: as long, together, as there are transfers.
SdpPlan::RunAhead SdpPlan::run_ahead(const SdpStream& stream, const SdpStream* stand) const {
  SdpStream of_y;
  of_y.client = Client::kSdpE;
  if (stand == nullptr && cycles_per_transfer == 1) return {};
  const SdpStream& at = stand == nullptr ? of_y : *stand;
  const std::uint32_t behind = standing(at);
  const std::uint32_t front = place_of(stream).transfers;
  if (front >= behind || stream.client == at.client) return {};
  // Y's pace is that of its pack, which holds one more.
  const std::uint32_t held = behind - front;
  if (stand == nullptr) return {held - 1, held - 1};
  return {held, held + (at.client == Client::kSdpE ? cycles_per_transfer - 1 : 0)};
}

SdpPlan::RunAhead SdpPlan::taken_ahead(const SdpStream& stand) const {
  const std::uint32_t held = standing(stand) + paths::kSdpTaken.cycles();
  return {held, held + 1 + (stand.client == Client::kSdpE ? cycles_per_transfer - 1 : 0)};
}

std::uint64_t SdpStream::bytes_for(std::uint64_t transfers) const {
  const std::uint64_t bytes =
      (transfers + record_transfers - 1) / record_transfers * record_bytes + lookahead_bytes;
  return bytes == 0 ? 0 : pack_end(bytes - 1);
}

std::uint64_t SdpStream::transfers_for(std::uint64_t bytes, std::uint64_t total) const {
  if (bytes < total) {
    bytes = pack_begin(bytes);
    bytes -= std::min(bytes, lookahead_bytes);
  }
  return bytes / record_bytes * record_transfers;
}

SdpFetchPlan plan_sdp_fetch(const SdpFetch& fetch, const HardwareParameters& hardware) {
  SdpFetchPlan plan;
  const std::uint32_t per_atom = transfers_per_atom(fetch.processing_precision, hardware);
  plan.transfers =
      std::uint64_t{ceil_div(fetch.cube.channels, elements_per_atom(fetch.processing_precision, hardware))} *
      fetch.cube.width * fetch.cube.height * fetch.batches * per_atom;
  plan.packet_transfers = hardware.generation == Generation::kV1 ? 1 : per_atom;
  if (!fetch.flying) {
    plan.streams.push_back(main_stream(fetch, hardware));
    if (fetch.batches > 1)
      plan.warnings.push_back(
          "SDP_RDMA: a batch from memory is read from one address, as the hardware does (no batch stride)");
  }
  if (fetch.x1.enabled) plan.streams.push_back(operand_stream(Client::kSdpB, fetch.x1, fetch, hardware));
  if (fetch.x2.enabled) plan.streams.push_back(operand_stream(Client::kSdpN, fetch.x2, fetch, hardware));
  if (fetch.y.enabled) plan.streams.push_back(operand_stream(Client::kSdpE, fetch.y, fetch, hardware));
  return plan;
}

std::uint32_t pdp_pace(const HardwareParameters& hardware) {
  const bool slower = hardware.pdp_throughput != 0 && hardware.sdp_throughput > hardware.pdp_throughput;
  return hardware.generation != Generation::kV1 && slower ? hardware.sdp_throughput / hardware.pdp_throughput
                                                          : 0;
}

SdpPlan plan_sdp(const SdpOperation& operation, const HardwareParameters& hardware) {
  const bool v1 = hardware.generation == Generation::kV1;
  SdpPlan plan;
  plan.elements_per_atom = elements_per_atom(operation.processing_precision, hardware);
  plan.transfers_per_atom = transfers_per_atom(operation.processing_precision, hardware);
  plan.surfaces = ceil_div(operation.cube.channels, plan.elements_per_atom);
  plan.positions = operation.cube.width * operation.cube.height * operation.batches;
  plan.transfers = std::uint64_t{plan.surfaces} * plan.positions * plan.transfers_per_atom;
  plan.packet_transfers = v1 ? 1 : plan.transfers_per_atom;
  plan.cycles_per_transfer =
      std::max({stage_cycles(operation.x1, hardware.sdp_bs_throughput, "X1", hardware, plan),
                stage_cycles(operation.x2, hardware.sdp_bn_throughput, "X2", hardware, plan),
                stage_cycles(operation.y, hardware.sdp_ew_throughput, "Y", hardware, plan)});
  if (v1 && (pairs(operation, operation.fetch.x1) || pairs(operation, operation.fetch.x2))) {
    const bool int8 = operation.processing_precision == Precision::kInt8;
    plan.group_transfers = (int8 ? paths::kSdpPairTransfersInt8 : paths::kSdpPairTransfers).cycles();
    plan.group_cycles = (int8 ? paths::kSdpPairCyclesInt8 : paths::kSdpPairCycles).cycles();
  }
  const paths::SdpPaths& paths = paths::sdp_paths(hardware.generation, hardware.master_rtl);
  plan.depth_core = paths.core.cycles();
  if (hardware.sdp_bs_throughput != 0) plan.depth_x1 = x_depth(operation.x1, paths);
  if (hardware.sdp_bn_throughput != 0) plan.depth_x2 = x_depth(operation.x2, paths);
  if (hardware.sdp_ew_throughput != 0) plan.depth_y = y_depth(operation.y, paths);
  plan.skids = skid_registers(plan.depth_x1, v1) + skid_registers(plan.depth_x2, v1);
  if (!v1) {
    plan.to_x = paths::kSdpToX.cycles();
    plan.second_x1 = behind_alu(operation.x1, plan.depth_x1, paths.x_alu.cycles());
    plan.second_x2 = behind_alu(operation.x2, plan.depth_x2, paths.x_alu.cycles());
    if (plan.depth_y != 0) {
      if (!operation.y.mul_bypass) plan.second_y = paths.y_mul.cycles();
      plan.convert_alu = y_convert(operation.y.alu_convert);
      plan.convert_mul = y_convert(operation.y.mul_convert);
    }
  }
  if (operation.flying && !operation.y.bypass && plan.cycles_per_transfer > 1) {
    const std::uint32_t way = 1 + plan.depth_x1 + plan.depth_x2;  // the entry is a register, too
    plan.ahead_depth = way + plan.skids + paths::kSdpAheadOfYRoom.cycles();
    plan.ahead = way + plan.skids + paths::kSdpAheadOfY.cycles();
  }
  if (const std::uint32_t pace = pdp_pace(hardware);
      pace != 0 && operation.flying && operation.output_to_pdp && operation.y.bypass) {
    plan.front = 1 + paths::kSdpAheadOfY.cycles();
    plan.front_depth = 1 + paths::kSdpAheadOfYRoom.cycles();
    plan.pdp_pace = pace;
    plan.ahead = plan.depth_x1 + plan.depth_x2 + plan.skids + paths::kSdpAheadOfPdp.cycles();
    plan.ahead_depth = plan.skids + paths::kSdpAheadOfPdpRoom.cycles();
  }
  const bool compares = !operation.y.bypass && !operation.y.alu_bypass && operation.y.alu_algorithm == 3;
  if (!operation.output_to_pdp && !compares) plan.output = output_of(operation, hardware, plan);
  return plan;
}

}  // namespace nvdla::amaix
