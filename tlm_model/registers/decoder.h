// SPDX-License-Identifier: Apache-2.0
// Registers of one group to operations. Decoding checks what hardware cannot do: an illegal descriptor is a
// DecodeError that names unit, register (with offset), field, value and the rule.
//
// Generations: V1 does not keep the low five bits of addresses and strides nor the low seven of weight sizes,
// so that they are aligned by construction; the scalable generation keeps them, and they are checked against
// its memory atom. Bank numbers have four bits on V1, five on the scalable generation. Image formats: V1
// reads all, the scalable generation those of its CFGROM.
// Every unit is decoded from its own registers only; what the units of one operation disagree on is found by
// check_consistent, when they are known to belong together.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

#include "operation/bdma.h"
#include "operation/cdp.h"
#include "operation/convolution.h"
#include "operation/lut.h"
#include "operation/pdp.h"
#include "operation/rubik.h"
#include "operation/sdp.h"
#include "registers/register_file.h"

namespace nvdla::registers {

class DecodeError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

[[nodiscard]] ConvolutionFetch decode_fetch(const RegisterFile& file, std::uint32_t group,
                                            const HardwareParameters& hardware);
[[nodiscard]] ConvolutionSequence decode_sequence(const RegisterFile& file, std::uint32_t group,
                                                  const HardwareParameters& hardware);
[[nodiscard]] ConvolutionAccumulate decode_accumulate(const RegisterFile& file, std::uint32_t group,
                                                      const HardwareParameters& hardware);
// What CDMA, CSC, CMAC_A, CMAC_B and CACC of one group must agree on; hardware would hang or compute
// nonsense. `op` holds their decoded parts.
void check_consistent(const RegisterFile& file, std::uint32_t group, const ConvolutionOperation& op,
                      const HardwareParameters& hardware);
[[nodiscard]] SdpFetch decode_sdp_fetch(const RegisterFile& file, std::uint32_t group,
                                        const HardwareParameters& hardware);
// Without the fetch part (has_fetch false): SDP and SDP_RDMA are enabled on their own.
[[nodiscard]] SdpOperation decode_sdp(const RegisterFile& file, std::uint32_t group,
                                      const HardwareParameters& hardware);
// What SDP and SDP_RDMA of one group must agree on; `op` holds both, has_fetch tells whether SDP_RDMA takes
// part.
void check_consistent(const RegisterFile& file, std::uint32_t group, const SdpOperation& op,
                      const HardwareParameters& hardware);
// Without the source surface, which is PDP_RDMA's.
[[nodiscard]] PdpOperation decode_pdp(const RegisterFile& file, std::uint32_t group,
                                      const HardwareParameters& hardware);
[[nodiscard]] PdpFetch decode_pdp_fetch(const RegisterFile& file, std::uint32_t group,
                                        const HardwareParameters& hardware);
// `group` is PDP_RDMA's.
void check_consistent(const RegisterFile& file, std::uint32_t group, const PdpOperation& op,
                      const PdpFetch& fetch, const HardwareParameters& hardware);
[[nodiscard]] CdpFetch decode_cdp_fetch(const RegisterFile& file, std::uint32_t group,
                                        const HardwareParameters& hardware);
// Without cube and source surface, which are CDP_RDMA's.
[[nodiscard]] CdpOperation decode_cdp(const RegisterFile& file, std::uint32_t group,
                                      const HardwareParameters& hardware);
// `group` is CDP's; `op` is joined with its fetch, `fetch_group` is CDP_RDMA's.
void check_consistent(const RegisterFile& file, std::uint32_t group, const CdpOperation& op,
                      std::uint32_t fetch_group, const CdpFetch& fetch, const HardwareParameters& hardware);
// The look-up tables as they stand; they are not double-buffered, so an operation takes them when it starts.
[[nodiscard]] SdpLut decode_sdp_lut(const RegisterFile& file, const HardwareParameters& hardware);
[[nodiscard]] CdpLut decode_cdp_lut(const RegisterFile& file, const HardwareParameters& hardware);
// The CFG registers as they stand when CFG_OP is written.
[[nodiscard]] BdmaTransfer decode_bdma(const RegisterFile& file, const HardwareParameters& hardware);
[[nodiscard]] RubikOperation decode_rubik(const RegisterFile& file, std::uint32_t group,
                                          const HardwareParameters& hardware);

}  // namespace nvdla::registers
