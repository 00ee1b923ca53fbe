// SPDX-License-Identifier: Apache-2.0
// The cases of tests/golden, and one executed without time: plays the register trace on a register file,
// hands every operation that is ready to run to an executor, in the order in which the units' groups are
// consumed, and compares the dumped ranges with what the RTL left there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hardware/parameters.h"
#include "host/replay.h"
#include "memory/contents.h"
#include "memory/sparse_store.h"
#include "operation/bdma.h"
#include "operation/cdp.h"
#include "operation/convolution.h"
#include "operation/pdp.h"
#include "operation/rubik.h"
#include "operation/sdp.h"
#include "registers/register_file.h"

namespace nvdla::test {

// Both memories of a case: addresses from 0x80000000 are DBB, lower ones CVSRAM. An access through the wrong
// port throws std::logic_error.
class GoldenMemory : public memory::ByteSource, public memory::ByteSink {
 public:
  static constexpr std::uint64_t kDbbBase = 0x80000000;

  void read(MemorySpace space, std::uint64_t address, unsigned char* data, std::size_t length) const override;
  void write(MemorySpace space, std::uint64_t address, const unsigned char* data,
             std::size_t length) override;

 private:
  memory::SparseStore store_;
};

// What runs at once: a chain on the fly (convolution, SDP, PDP), or one operation.
struct FunctionalStep {
  std::optional<ConvolutionOperation> convolution;
  std::optional<SdpOperation> sdp;
  std::optional<PdpOperation> pdp;
  std::optional<CdpOperation> cdp;
  std::vector<BdmaTransfer> bdma;
  std::optional<RubikOperation> rubik;
};

class StepExecutor {
 public:
  virtual ~StepExecutor() = default;
  // The groups of the step are still enabled; `file` is there for the look-up tables and status registers.
  virtual void execute(const FunctionalStep& step, registers::RegisterFile& file, GoldenMemory& memory) = 0;
};

// Folder of a case in the repository, and the names of all whose name contains `part`, sorted.
[[nodiscard]] std::string golden_folder(const std::string& name);
[[nodiscard]] std::vector<std::string> golden_cases(const std::string& part = "");

// nv_full or nv_small, as the name says.
[[nodiscard]] HardwareParameters golden_hardware(const std::string& name);

// Plays the case's input.txn with time: its hardware, memory as wide as its ports, the outputs of the RTL.
[[nodiscard]] host::ReplayOptions golden_options(const std::string& name);

// Runs one case. Returns a line for each dumped range that differs (file, number of bytes, the first one) and
// each register read that fails; throws host::InputError or std::runtime_error for a case that does not run.
[[nodiscard]] std::vector<std::string> run_golden_case(const std::string& folder,
                                                       const HardwareParameters& hardware,
                                                       StepExecutor& executor);

}  // namespace nvdla::test
