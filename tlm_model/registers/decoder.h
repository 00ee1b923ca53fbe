// SPDX-License-Identifier: Apache-2.0
// Registers of one group to operations. Decoding checks what hardware cannot do: an illegal descriptor is a
// DecodeError that names unit, register (with offset), field, value and the rule.
//
// Generations: V1 does not keep the low five bits of addresses and strides nor the low seven of weight sizes,
// so that they are aligned by construction; the scalable generation keeps them, and they are checked against
// its memory atom. Bank numbers have four bits on V1, five on the scalable generation. Image formats: V1
// reads all, the scalable generation those of its CFGROM.
// Limits: what two units disagree on is found by check_consistent for a convolution and for SDP with its read
// DMA, which are enabled on their own, and by decode_pdp and decode_cdp for theirs.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

#include "amaix/operation.h"
#include "registers/register_file.h"

namespace nvdla::registers {

class DecodeError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

[[nodiscard]] amaix::ConvolutionFetch decode_fetch(const RegisterFile& file, std::uint32_t group,
                                                   const amaix::HardwareParameters& hardware);
[[nodiscard]] amaix::ConvolutionSequence decode_sequence(const RegisterFile& file, std::uint32_t group,
                                                         const amaix::HardwareParameters& hardware);
[[nodiscard]] amaix::ConvolutionAccumulate decode_accumulate(const RegisterFile& file, std::uint32_t group,
                                                             const amaix::HardwareParameters& hardware);
// What CDMA, CSC, CMAC_A, CMAC_B and CACC of one group must agree on; hardware would hang or compute
// nonsense. `op` holds their decoded parts.
void check_consistent(const RegisterFile& file, std::uint32_t group, const amaix::ConvolutionOperation& op,
                      const amaix::HardwareParameters& hardware);
[[nodiscard]] amaix::SdpFetch decode_sdp_fetch(const RegisterFile& file, std::uint32_t group,
                                               const amaix::HardwareParameters& hardware);
// Without the fetch part (has_fetch false): SDP and SDP_RDMA are enabled on their own.
[[nodiscard]] amaix::SdpOperation decode_sdp(const RegisterFile& file, std::uint32_t group,
                                             const amaix::HardwareParameters& hardware);
// What SDP and SDP_RDMA of one group must agree on; `op` holds both, has_fetch tells whether SDP_RDMA takes
// part.
void check_consistent(const RegisterFile& file, std::uint32_t group, const amaix::SdpOperation& op,
                      const amaix::HardwareParameters& hardware);
// PDP and PDP_RDMA (source surface) of one group.
[[nodiscard]] amaix::PdpOperation decode_pdp(const RegisterFile& file, std::uint32_t group,
                                             const amaix::HardwareParameters& hardware);
[[nodiscard]] amaix::CdpOperation decode_cdp(const RegisterFile& file, std::uint32_t group,
                                             const amaix::HardwareParameters& hardware);
// The CFG registers as they stand when CFG_OP is written.
[[nodiscard]] amaix::BdmaTransfer decode_bdma(const RegisterFile& file,
                                              const amaix::HardwareParameters& hardware);
[[nodiscard]] amaix::RubikOperation decode_rubik(const RegisterFile& file, std::uint32_t group,
                                                 const amaix::HardwareParameters& hardware);

}  // namespace nvdla::registers
