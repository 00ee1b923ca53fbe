// SPDX-License-Identifier: Apache-2.0
#include "analysis/program_reader.h"

#include <array>

#include "host/replay.h"
#include "registers/decoder.h"
#include "registers/register_file.h"

namespace nvdla::analysis {

namespace {

constexpr std::size_t kGroups = 2;

class Reader final : registers::RegisterListener {
 public:
  Reader(const host::Program& program, const HardwareParameters& hardware)
      : program_(program), hardware_(hardware), file_(hardware) {
    file_.set_listener(this);
  }

  ReadOperations read() {
    for (command_ = 0; command_ < program_.commands().size(); ++command_) {
      const host::Program::Command& command = program_.commands()[command_];
      if (command.kind == host::CommandKind::kWriteReg) write(command);
    }
    // CDMA and CSC pair by number; one that was never enabled leaves its half empty.
    result_.convolutions.resize(std::min(fetches_, sequences_));
    result_.cdp.resize(std::min(cdp_fetches_, cdp_operations_));
    return std::move(result_);
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    const host::Program::Command& command = program_.commands()[command_];
    throw host::ReplayError(program_.path() + ":" + std::to_string(command.line) + ": " + what + ": " +
                            std::string(program_.text(command)));
  }

  void write(const host::Program::Command& command) {
    const registers::RegisterMap& map = file_.map();
    const std::size_t index = map.at(command.offset);
    if (index == registers::RegisterMap::kNone)
      fail("there is no such register in configuration " + hardware_.name);
    const registers::RegisterInfo& info = map[index];
    if (info.grouped()) {
      const std::uint32_t group = file_.field(info.unit, "S_POINTER", "PRODUCER", 0);
      written_[static_cast<std::size_t>(info.unit)][group % kGroups][command.offset] = command_;
    }
    try {
      (void)file_.write(command.offset, command.value);
    } catch (const registers::DecodeError& error) {
      fail(error.what());
    }
    if (!enabled_) return;
    enabled_ = false;
    const Unit unit = info.unit;
    while (file_.enabled(unit, file_.consumer(unit))) {
      const std::uint32_t group = file_.consumer(unit);
      try {
        take(unit, group);
      } catch (const registers::DecodeError& error) {
        fail(error.what());
      }
      file_.start(unit);
      file_.complete(unit);
    }
  }

  void on_enable(Unit /*unit*/, std::uint32_t /*group*/, Cycle /*entered*/) override { enabled_ = true; }
  void on_bdma_queued() override {
    queued_.push_back(registers::decode_bdma(file_, hardware_));
    file_.take_bdma_transfer();
  }
  void on_written(Unit /*unit*/, std::uint32_t /*offset*/, std::uint32_t /*value*/) override {}

  [[nodiscard]] Written written(Unit unit, std::uint32_t group) const {
    return {command_, written_[static_cast<std::size_t>(unit)][group % kGroups]};
  }

  template <class Item>
  static Item& at(std::vector<Item>& items, std::size_t index) {
    if (items.size() <= index) items.resize(index + 1);
    return items[index];
  }

  void take(Unit unit, std::uint32_t group) {
    switch (unit) {
      case Unit::kCdma: {
        ReadConvolution& convolution = at(result_.convolutions, fetches_++);
        convolution.fetch = registers::decode_fetch(file_, group, hardware_);
        convolution.cdma = written(unit, group);
        break;
      }
      case Unit::kCsc: {
        ReadConvolution& convolution = at(result_.convolutions, sequences_++);
        convolution.sequence = registers::decode_sequence(file_, group, hardware_);
        convolution.csc = written(unit, group);
        break;
      }
      case Unit::kSdp:
        result_.sdp.push_back(registers::decode_sdp(file_, group, hardware_));
        break;
      case Unit::kPdp:
        result_.pdp.push_back(registers::decode_pdp(file_, group, hardware_));
        break;
      case Unit::kCdp: {
        CdpOperation& operation = at(result_.cdp, cdp_operations_++);
        const CdpOperation read = operation;
        operation = registers::decode_cdp(file_, group, hardware_);
        operation.cube = read.cube;
        operation.source = read.source;
        break;
      }
      case Unit::kCdpRdma: {
        CdpOperation& operation = at(result_.cdp, cdp_fetches_++);
        operation = joined(operation, registers::decode_cdp_fetch(file_, group, hardware_));
        break;
      }
      case Unit::kBdma:
        result_.bdma.push_back(std::move(queued_));
        queued_.clear();
        break;
      case Unit::kRubik:
        result_.rubik.push_back(registers::decode_rubik(file_, group, hardware_));
        break;
      default:
        break;
    }
  }

  const host::Program& program_;
  const HardwareParameters& hardware_;
  registers::RegisterFile file_;
  ReadOperations result_;
  std::array<std::array<std::map<std::uint32_t, std::size_t>, kGroups>, kUnits> written_;
  std::vector<BdmaTransfer> queued_;
  std::size_t command_ = 0;
  bool enabled_ = false;
  std::size_t fetches_ = 0, sequences_ = 0, cdp_fetches_ = 0, cdp_operations_ = 0;
};

}  // namespace

ReadOperations read_operations(const host::Program& program, const HardwareParameters& hardware) {
  return Reader(program, hardware).read();
}

}  // namespace nvdla::analysis
