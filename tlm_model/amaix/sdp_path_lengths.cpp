// SPDX-License-Identifier: Apache-2.0
// The ways around SDP's datapath (SdpPathLengths): sums of hardware/paths/sdp.h, and what of them a stream
// has.
#include "amaix/sdp_plan.h"
#include "hardware/paths/sdp.h"
#include "hardware/paths/write_chain.h"

namespace nvdla::amaix {

namespace {

constexpr SdpPathLengths lengths_of(const paths::SdpPaths& paths, const paths::WriteChainPlaces& chain) {
  SdpPathLengths lengths;
  lengths.request = paths.request.cycles();
  lengths.read = paths.read.cycles();
  lengths.operand = paths.operand.cycles();
  lengths.operand_y = paths.operand_y.cycles();
  lengths.operand_y_mul = paths.operand_y_mul.cycles();
  lengths.operand_x_mul = paths.operand_x_mul.cycles();
  lengths.from_cacc = paths.from_cacc.cycles();
  lengths.write = paths.write.cycles();
  lengths.acknowledge = paths.acknowledge.cycles();
  lengths.main_done = paths.main_done.sum();
  lengths.alu_operand_done = paths.alu_operand_done.sum();
  lengths.mul_operand_done = paths.mul_operand_done.sum();
  lengths.quiet_interrupt = paths.quiet_interrupt.cycles();
  lengths.write_buffer_beats = (chain.arbiter + chain.fifo + chain.pipes + chain.unpack).cycles();
  lengths.credit = paths.credit.cycles();
  lengths.use = paths.use.cycles();
  lengths.pop = paths.pop.cycles();
  lengths.records_ahead = paths::kSdpRecordsAhead.cycles();
  return lengths;
}

constexpr SdpPathLengths kPathLengthsV1 = lengths_of(paths::kSdpV1, paths::kSdpWriteChainV1);
constexpr SdpPathLengths kPathLengthsScalable =
    lengths_of(paths::kSdpScalable, paths::kSdpWriteChainScalable);
constexpr SdpPathLengths kPathLengthsMaster = lengths_of(paths::kSdpMaster, paths::kSdpWriteChainMaster);

}  // namespace

const SdpPathLengths& sdp_path_lengths(const HardwareParameters& hardware) {
  if (hardware.generation == Generation::kV1) return kPathLengthsV1;
  return hardware.master_rtl ? kPathLengthsMaster : kPathLengthsScalable;
}

std::int32_t done_tail(const SdpStream& stream, const SdpPathLengths& paths) {
  if (stream.client == Client::kSdp) return paths.main_done;
  return stream.multiplier ? paths.mul_operand_done : paths.alu_operand_done;
}

std::int32_t entry_path(const SdpStream& stream, const SdpPlan& plan, const SdpPathLengths& paths) {
  if (stream.client == Client::kSdp) return static_cast<std::int32_t>(paths.read);
  std::int32_t path =
      static_cast<std::int32_t>(paths.operand) - static_cast<std::int32_t>(plan.depth_before(stream.client));
  // What a datum passes before the first operand that it needs, and that operand.
  if (stream.client == Client::kSdpE) {
    path -= static_cast<std::int32_t>(paths.operand_y);
    if (stream.multiplier) path += static_cast<std::int32_t>(paths.operand_y_mul);
    path += static_cast<std::int32_t>(stream.multiplier ? plan.convert_mul : plan.convert_alu);
    if (!stream.multiplier) path -= static_cast<std::int32_t>(plan.second_y);
    return path;
  }
  if (stream.adder) return path;
  path -= static_cast<std::int32_t>(paths.operand_x_mul);
  path -= static_cast<std::int32_t>(stream.client == Client::kSdpB ? plan.second_x1 : plan.second_x2);
  return path;
}

}  // namespace nvdla::amaix
