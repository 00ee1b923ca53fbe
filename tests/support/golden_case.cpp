// SPDX-License-Identifier: Apache-2.0
#include "golden_case.h"

#include <algorithm>
#include <deque>
#include <filesystem>
#include <initializer_list>
#include <sstream>
#include <stdexcept>

#include "host/memory_file.h"
#include "host/trace_reader.h"
#include "registers/decoder.h"
#include "tests/support/temporary_directory.h"

namespace nvdla::test {

namespace {

namespace fs = std::filesystem;
using registers::RegisterFile;

std::string hex(std::uint64_t value) {
  std::ostringstream text;
  text << "0x" << std::hex << value;
  return text.str();
}

// Finishes at once whatever is enabled and has all its parts.
class Player : public registers::RegisterListener {
 public:
  Player(const HardwareParameters& hardware, StepExecutor& executor, GoldenMemory& memory)
      : hardware_(hardware), file_(hardware), executor_(executor), memory_(memory) {
    file_.set_listener(this);
  }

  RegisterFile& file() { return file_; }

  // BDMA has work. It starts at once: its command FIFO must have room for the next transfers.
  [[nodiscard]] bool launched() const { return !launched_.empty(); }

  void run_ready() {
    bool progress = true;
    while (progress) {
      progress = run_sdp();
      progress = run_pdp() || progress;
      progress = run_cdp() || progress;
      progress = run_bdma() || progress;
      progress = run_rubik() || progress;
    }
  }

  void on_enable(Unit unit, std::uint32_t, Cycle) override {
    if (unit != Unit::kBdma) return;
    launched_.push_back(queued_);
    queued_.clear();
  }
  void on_bdma_queued() override { queued_.push_back(registers::decode_bdma(file_, hardware_)); }
  void on_written(Unit, std::uint32_t, std::uint32_t) override {}

 private:
  [[nodiscard]] bool ready(Unit unit) const {
    return file_.has_unit(unit) && file_.enabled(unit, file_.consumer(unit));
  }

  void finish(Unit unit, std::initializer_list<Interrupt> interrupts = {}) {
    const std::uint32_t group = file_.consumer(unit);
    file_.start(unit);
    file_.complete(unit);
    for (const Interrupt source : interrupts) file_.raise(source, group);
  }

  [[nodiscard]] static bool reads(const SdpStage& stage) {
    return !stage.bypass && (stage.alu_from_dma || stage.mul_from_dma);
  }

  [[nodiscard]] std::optional<ConvolutionOperation> convolution() const {
    for (const Unit unit : {Unit::kCdma, Unit::kCsc, Unit::kCmacA, Unit::kCmacB, Unit::kCacc}) {
      if (!ready(unit)) return std::nullopt;
    }
    const std::uint32_t group = file_.consumer(Unit::kCdma);
    ConvolutionOperation op;
    op.fetch = registers::decode_fetch(file_, group, hardware_);
    op.sequence = registers::decode_sequence(file_, group, hardware_);
    op.accumulate = registers::decode_accumulate(file_, group, hardware_);
    registers::check_consistent(file_, group, op, hardware_);
    return op;
  }

  // An SDP operation with the convolution before it and the PDP operation behind it, when all are there.
  bool run_sdp() {
    if (!ready(Unit::kSdp)) return false;
    const std::uint32_t group = file_.consumer(Unit::kSdp);
    SdpOperation op = registers::decode_sdp(file_, group, hardware_);
    const bool fetches = !op.flying || reads(op.x1) || reads(op.x2) || reads(op.y);
    op.has_fetch = ready(Unit::kSdpRdma);
    if (fetches && !op.has_fetch) return false;
    if (op.has_fetch) {
      op.fetch = registers::decode_sdp_fetch(file_, file_.consumer(Unit::kSdpRdma), hardware_);
      registers::check_consistent(file_, group, op, hardware_);
    }
    FunctionalStep step;
    if (op.flying) {
      step.convolution = convolution();
      if (!step.convolution) return false;
    }
    if (op.output_to_pdp) {
      if (!ready(Unit::kPdp)) return false;
      step.pdp = registers::decode_pdp(file_, file_.consumer(Unit::kPdp), hardware_);
    }
    step.sdp = op;
    executor_.execute(step, file_, memory_);
    if (op.flying) {
      finish(Unit::kCdma, {Interrupt::kCdmaData, Interrupt::kCdmaWeight});
      for (const Unit unit : {Unit::kCsc, Unit::kCmacA, Unit::kCmacB}) finish(unit);
      finish(Unit::kCacc, {Interrupt::kCacc});
    }
    if (op.has_fetch) finish(Unit::kSdpRdma);
    finish(Unit::kSdp, {Interrupt::kSdp});
    if (op.output_to_pdp) finish(Unit::kPdp, {Interrupt::kPdp});
    return true;
  }

  bool run_pdp() {
    if (!ready(Unit::kPdp)) return false;
    PdpOperation op = registers::decode_pdp(file_, file_.consumer(Unit::kPdp), hardware_);
    if (op.flying || !ready(Unit::kPdpRdma)) return false;
    op.source = registers::decode_pdp_fetch(file_, file_.consumer(Unit::kPdpRdma), hardware_).source;
    FunctionalStep step;
    step.pdp = op;
    executor_.execute(step, file_, memory_);
    finish(Unit::kPdpRdma);
    finish(Unit::kPdp, {Interrupt::kPdp});
    return true;
  }

  bool run_cdp() {
    if (!ready(Unit::kCdp) || !ready(Unit::kCdpRdma)) return false;
    FunctionalStep step;
    step.cdp = joined(registers::decode_cdp(file_, file_.consumer(Unit::kCdp), hardware_),
                      registers::decode_cdp_fetch(file_, file_.consumer(Unit::kCdpRdma), hardware_));
    executor_.execute(step, file_, memory_);
    finish(Unit::kCdpRdma);
    finish(Unit::kCdp, {Interrupt::kCdp});
    return true;
  }

  bool run_bdma() {
    if (launched_.empty()) return false;
    FunctionalStep step;
    step.bdma = launched_.front();
    launched_.pop_front();
    executor_.execute(step, file_, memory_);
    const std::uint32_t group = file_.consumer(Unit::kBdma);
    file_.start(Unit::kBdma);
    for (std::size_t i = 0; i < step.bdma.size(); ++i) file_.take_bdma_transfer();
    file_.complete(Unit::kBdma);
    file_.raise(Interrupt::kBdma, group);
    return true;
  }

  bool run_rubik() {
    if (!ready(Unit::kRubik)) return false;
    FunctionalStep step;
    step.rubik = registers::decode_rubik(file_, file_.consumer(Unit::kRubik), hardware_);
    executor_.execute(step, file_, memory_);
    finish(Unit::kRubik, {Interrupt::kRubik});
    return true;
  }

  const HardwareParameters& hardware_;
  RegisterFile file_;
  StepExecutor& executor_;
  GoldenMemory& memory_;
  std::vector<BdmaTransfer> queued_;
  std::deque<std::vector<BdmaTransfer>> launched_;
};

MemorySpace space_of(std::uint64_t address) {
  return address >= GoldenMemory::kDbbBase ? MemorySpace::kDbb : MemorySpace::kCvsram;
}

std::optional<std::string> compare(const fs::path& golden, const host::TraceCommand& dump,
                                   const GoldenMemory& memory) {
  const std::vector<unsigned char> expected =
      host::read_memory_file(golden.string(), dump.size).bytes(dump.size);
  std::vector<unsigned char> found(dump.size);
  memory.read(space_of(dump.address), dump.address, found.data(), found.size());
  std::size_t differing = 0, first = 0;
  for (std::size_t i = expected.size(); i-- > 0;) {
    if (expected[i] == found[i]) continue;
    ++differing;
    first = i;
  }
  if (differing == 0) return std::nullopt;
  return golden.filename().string() + ": " + std::to_string(differing) + " of " +
         std::to_string(expected.size()) + " bytes differ, the first at offset " + std::to_string(first) +
         ": " + hex(found[first]) + " instead of " + hex(expected[first]);
}

}  // namespace

void GoldenMemory::read(MemorySpace space, std::uint64_t address, unsigned char* data,
                        std::size_t length) const {
  if (space != space_of(address)) throw std::logic_error("read of " + hex(address) + " by the wrong port");
  store_.read(address, data, length);
}

void GoldenMemory::write(MemorySpace space, std::uint64_t address, const unsigned char* data,
                         std::size_t length) {
  if (space != space_of(address)) throw std::logic_error("write of " + hex(address) + " by the wrong port");
  store_.write(address, data, length);
}

std::string golden_folder(const std::string& name) {
  return (fs::path(NVDLA_SOURCE_DIR) / "tests" / "golden" / name).string();
}

std::vector<std::string> golden_cases(const std::string& part) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(golden_folder(""))) {
    const std::string name = entry.path().filename().string();
    if (entry.is_directory() && name.find(part) != std::string::npos) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

HardwareParameters golden_hardware(const std::string& name) {
  return preset(name.find("nv_full") != std::string::npos ? "nv_full" : "nv_small");
}

host::ReplayOptions golden_options(const std::string& name) {
  host::ReplayOptions options;
  options.hardware = golden_hardware(name);
  options.dbb.bytes_per_cycle = options.hardware.dbb_width_bytes;
  if (options.hardware.cvsram) options.cvsram = options.dbb;
  options.golden = golden_folder(name);
  options.dump.directory = temporary_file("");
  return options;
}

std::vector<std::string> run_golden_case(const std::string& folder, const HardwareParameters& hardware,
                                         StepExecutor& executor) {
  GoldenMemory memory;
  Player player(hardware, executor, memory);
  RegisterFile& file = player.file();
  std::vector<std::string> failures;
  host::TraceReader reader((fs::path(folder) / "input.txn").string());
  host::TraceCommand command;
  const auto fail = [&](const std::string& what) {
    failures.push_back("line " + std::to_string(command.line) + ": " + what);
  };
  while (reader.next(command)) {
    switch (command.kind) {
      case host::CommandKind::kLoadMem: {
        const auto bytes = host::read_memory_file((fs::path(folder) / command.file).string(), command.size)
                               .bytes(command.size);
        memory.write(space_of(command.address), command.address, bytes.data(), bytes.size());
        break;
      }
      case host::CommandKind::kDumpMem:
        if (const auto text = compare(fs::path(folder) / command.file, command, memory)) fail(*text);
        break;
      case host::CommandKind::kWriteReg:
        // Drivers write registers of larger configurations too; hardware drops what it cannot write.
        if (const auto status = file.write(command.offset, command.value);
            status != registers::AccessStatus::kOk && status != registers::AccessStatus::kReadOnly) {
          fail(std::string("write refused: ") + std::string(registers::access_status_name(status)));
        }
        if (player.launched()) player.run_ready();
        break;
      case host::CommandKind::kUntil:
      case host::CommandKind::kReadReg: {
        if (command.offset == file.map().offset(Unit::kCdma, "S_CBUF_FLUSH_STATUS")) {
          file.set_cbuf_flushed(true);
        } else {
          player.run_ready();
        }
        std::uint32_t value = 0;
        file.read(command.offset, value);
        const std::uint32_t mask = command.kind == host::CommandKind::kUntil ? command.value : command.mask;
        if ((value & mask) != (command.value & mask)) {
          fail("register holds " + hex(value) + " instead of " + hex(command.value));
        }
        break;
      }
      case host::CommandKind::kWait:
        player.run_ready();
        break;
      default:
        throw std::runtime_error(folder + ": command not supported: " + command.text);
    }
  }
  return failures;
}

}  // namespace nvdla::test
