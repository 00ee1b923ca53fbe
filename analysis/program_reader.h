// SPDX-License-Identifier: Apache-2.0
// What a register program asks the accelerator to do: its operations, decoded, without executing anything.
//
// Every write goes to a register file of its own; an operation is complete when its unit's OP_ENABLE is
// written and its group's turn has come. Nothing takes time: a group is done as soon as it is enabled.
// Limits: what depends on values read by the CPU does not exist in a trace.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "hardware/parameters.h"
#include "hardware/units.h"
#include "host/program.h"
#include "operation/bdma.h"
#include "operation/cdp.h"
#include "operation/convolution.h"
#include "operation/pdp.h"
#include "operation/rubik.h"
#include "operation/sdp.h"

namespace nvdla::analysis {

// The commands that last wrote the registers of a group, as they stood at OP_ENABLE.
struct Written {
  std::size_t enable = 0;                         // command that enables the group
  std::map<std::uint32_t, std::size_t> commands;  // by offset in the register window
};

struct ReadConvolution {
  ConvolutionFetch fetch;
  ConvolutionSequence sequence;
  Written cdma, csc;
};

// By engine, in the order in which hardware runs them: element n is the operation with sequence n.
struct ReadOperations {
  std::vector<ReadConvolution> convolutions;
  std::vector<SdpOperation> sdp;  // without the fetch
  std::vector<PdpOperation> pdp;  // without the source
  std::vector<CdpOperation> cdp;  // with the cube of the read DMA
  std::vector<std::vector<BdmaTransfer>> bdma;
  std::vector<RubikOperation> rubik;
};

// Throws host::ReplayError, "file:line: what", for a register that does not exist and for a descriptor that
// `hardware` cannot execute.
[[nodiscard]] ReadOperations read_operations(const host::Program& program,
                                             const HardwareParameters& hardware);

}  // namespace nvdla::analysis
