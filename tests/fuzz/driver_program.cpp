// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/driver_program.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <random>

#include "tests/registers/descriptors.h"

namespace nvdla::fuzz {
namespace {

using registers::test::Programmer;

constexpr std::uint32_t bit(Interrupt source, std::uint32_t group) {
  const auto index = static_cast<std::uint32_t>(source);
  return 1U << ((index < 5 ? 2 * index : 16 + 2 * (index - 5)) + group);
}

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {
    const auto& all = presets();
    hardware_ = all[below(static_cast<std::uint32_t>(all.size()))];
    program_.configuration = hardware_.name;
  }

  DriverProgram generate() {
    const std::uint32_t steps = 1 + below(12);
    const bool resets = below(4) == 0;
    for (std::uint32_t i = 0; i < steps; ++i) {
      if (below(4) == 0) pause(Step::Kind::kPause);
      if (resets && below(4) == 0) reset();
      operation();
    }
    return program_;
  }

 private:
  std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(random_() % limit); }
  std::uint32_t from(std::uint32_t least, std::uint32_t most) {
    const std::uint32_t value = least + below(most - least + 1);
    text_ += " " + std::to_string(value);
    return value;
  }
  [[nodiscard]] const char* name() const { return program_.configuration.c_str(); }
  [[nodiscard]] std::uint32_t atom() const { return hardware_.memory_atom_bytes; }
  // Surfaces of `atom` channels, int8.
  [[nodiscard]] std::uint32_t address() { return 0x80000000U + below(1U << 16) * atom(); }

  void pause(Step::Kind kind) {
    Step step;
    step.kind = kind;
    step.text = kind == Step::Kind::kReset ? "reset" : "pause";
    step.pause = static_cast<Cycle>(from(0, below(3) == 0 ? 20000 : 500));
    program_.steps.push_back(step);
  }
  void reset() {
    pause(Step::Kind::kReset);
    program_.has_reset = true;
    turns_ = {};
  }

  // The unit's group for its next operation.
  std::uint32_t turn(Unit unit) { return turns_[static_cast<std::size_t>(unit)]++ % 2; }
  [[nodiscard]] bool used_before(Unit unit) const { return turns_[static_cast<std::size_t>(unit)] >= 2; }

  void write(Step& step, Unit unit, const char* reg, std::uint32_t value) const {
    step.writes.push_back({registers::RegisterMap::of(hardware_.generation).offset(unit, reg), value});
  }
  // Every writable register of the group but OP_ENABLE.
  void program(Step& step, const Programmer& descriptor, Unit unit, std::uint32_t group) const {
    const registers::RegisterMap& map = registers::RegisterMap::of(hardware_.generation);
    write(step, unit, "S_POINTER", group);
    for (std::size_t i = 0; i < map.size(); ++i) {
      const registers::RegisterInfo& info = map[i];
      if (info.unit != unit || !info.grouped() || info.write_mask == 0 || info.name == "D_OP_ENABLE")
        continue;
      step.writes.push_back({info.offset, descriptor.file().value(unit, info.name, 0)});
    }
  }
  void enable(Step& step, Unit unit, std::uint32_t group) const {
    write(step, unit, "S_POINTER", group);
    write(step, unit, "D_OP_ENABLE", 1);
  }
  // An operation of `main`, with the other units in the order in which they are enabled.
  void add(const Programmer& descriptor, std::initializer_list<Unit> units, Unit main, Interrupt done) {
    Step step;
    step.kind = Step::Kind::kOperation;
    std::array<std::uint32_t, kUnits> groups{};
    const bool waits = used_before(main);
    for (const Unit unit : units) groups[static_cast<std::size_t>(unit)] = turn(unit);
    const std::uint32_t end = bit(done, groups[static_cast<std::size_t>(main)]);
    step.raises = end;
    if (waits) step.wait_before = end;
    for (const Unit unit : units) program(step, descriptor, unit, groups[static_cast<std::size_t>(unit)]);
    for (const Unit unit : units) enable(step, unit, groups[static_cast<std::size_t>(unit)]);
    step.text = std::string(unit_name(main)) + " group " +
                std::to_string(groups[static_cast<std::size_t>(main)]) + text_;
    program_.steps.push_back(std::move(step));
    ++program_.operations;
  }

  void operation() {
    for (int attempt = 0; attempt < 50; ++attempt) {
      text_.clear();
      switch (below(6)) {
        case 0:
          if (convolution()) return;
          break;
        case 1:
          if (sdp()) return;
          break;
        case 2:
          if (pdp()) return;
          break;
        case 3:
          if (cdp()) return;
          break;
        case 4:
          if (bdma()) return;
          break;
        default:
          if (rubik()) return;
          break;
      }
    }
  }

  bool sdp() {
    registers::test::Sdp op(name());
    const std::uint32_t width = from(1, 24), height = from(1, 12), channel = from(1, 96);
    for (const Unit unit : {Unit::kSdpRdma, Unit::kSdp}) {
      op.set(unit, "D_DATA_CUBE_WIDTH", width - 1);
      op.set(unit, "D_DATA_CUBE_HEIGHT", height - 1);
      op.set(unit, "D_DATA_CUBE_CHANNEL", channel - 1);
    }
    op.set(Unit::kSdpRdma, "D_SRC_BASE_ADDR_LOW", address());
    op.set(Unit::kSdpRdma, "D_SRC_LINE_STRIDE", width * atom());
    op.set(Unit::kSdpRdma, "D_SRC_SURFACE_STRIDE", width * height * atom());
    op.set(Unit::kSdp, "D_DST_BASE_ADDR_LOW", address());
    op.set(Unit::kSdp, "D_DST_LINE_STRIDE", width * atom());
    op.set(Unit::kSdp, "D_DST_SURFACE_STRIDE", width * height * atom());
    if (!error_of(op).empty()) return false;
    add(op, {Unit::kSdpRdma, Unit::kSdp}, Unit::kSdp, Interrupt::kSdp);
    return true;
  }

  bool pdp() {
    registers::test::Pdp op(name());
    const std::uint32_t kernel = from(1, 4), stride = from(1, kernel);
    const std::uint32_t out_width = from(1, 10), out_height = from(1, 8), channel = from(1, 96);
    const std::uint32_t width = (out_width - 1) * stride + kernel,
                        height = (out_height - 1) * stride + kernel;
    for (const Unit unit : {Unit::kPdpRdma, Unit::kPdp}) {
      op.set(unit, "D_DATA_CUBE_IN_WIDTH", width - 1);
      op.set(unit, "D_DATA_CUBE_IN_HEIGHT", height - 1);
      op.set(unit, "D_DATA_CUBE_IN_CHANNEL", channel - 1);
    }
    op.set(Unit::kPdp, "D_DATA_CUBE_OUT_WIDTH", out_width - 1);
    op.set(Unit::kPdp, "D_DATA_CUBE_OUT_HEIGHT", out_height - 1);
    op.set(Unit::kPdp, "D_DATA_CUBE_OUT_CHANNEL", channel - 1);
    op.set(Unit::kPdp, "D_POOLING_KERNEL_CFG",
           (kernel - 1) | (kernel - 1) << 8 | (stride - 1) << 16 | (stride - 1) << 20);
    op.set(Unit::kPdpRdma, "D_SRC_BASE_ADDR_LOW", address());
    op.set(Unit::kPdpRdma, "D_SRC_LINE_STRIDE", width * atom());
    op.set(Unit::kPdpRdma, "D_SRC_SURFACE_STRIDE", width * height * atom());
    op.set(Unit::kPdp, "D_DST_BASE_ADDR_LOW", address());
    op.set(Unit::kPdp, "D_DST_LINE_STRIDE", out_width * atom());
    op.set(Unit::kPdp, "D_DST_SURFACE_STRIDE", out_width * out_height * atom());
    if (!error_of(op).empty()) return false;
    add(op, {Unit::kPdpRdma, Unit::kPdp}, Unit::kPdp, Interrupt::kPdp);
    return true;
  }

  bool cdp() {
    registers::test::Cdp op(name());
    const std::uint32_t width = from(1, 20), height = from(1, 8), channel = from(1, 96);
    op.set(Unit::kCdpRdma, "D_DATA_CUBE_WIDTH", width - 1);
    op.set(Unit::kCdpRdma, "D_DATA_CUBE_HEIGHT", height - 1);
    op.set(Unit::kCdpRdma, "D_DATA_CUBE_CHANNEL", channel - 1);
    op.set(Unit::kCdp, "D_LRN_CFG", below(4));
    op.set(Unit::kCdpRdma, "D_SRC_BASE_ADDR_LOW", address());
    op.set(Unit::kCdpRdma, "D_SRC_LINE_STRIDE", width * atom());
    op.set(Unit::kCdpRdma, "D_SRC_SURFACE_STRIDE", width * height * atom());
    op.set(Unit::kCdp, "D_DST_BASE_ADDR_LOW", address());
    op.set(Unit::kCdp, "D_DST_LINE_STRIDE", width * atom());
    op.set(Unit::kCdp, "D_DST_SURFACE_STRIDE", width * height * atom());
    if (!error_of(op).empty()) return false;
    add(op, {Unit::kCdpRdma, Unit::kCdp}, Unit::kCdp, Interrupt::kCdp);
    return true;
  }

  bool rubik() {
    if (!hardware_.rubik) return false;
    registers::test::Rubik op(name());
    if (!error_of(op).empty()) return false;
    add(op, {Unit::kRubik}, Unit::kRubik, Interrupt::kRubik);
    return true;
  }

  // One transfer a launch.
  bool bdma() {
    if (!hardware_.bdma) return false;
    registers::test::Bdma op(name());
    const std::uint32_t line = from(1, 20), lines = from(1, 12), surfaces = from(1, 3);
    op.set(Unit::kBdma, "CFG_SRC_ADDR_LOW", address());
    op.set(Unit::kBdma, "CFG_DST_ADDR_LOW", address());
    op.set(Unit::kBdma, "CFG_CMD", hardware_.cvsram ? below(4) : 3);
    op.set(Unit::kBdma, "CFG_LINE", line - 1);
    op.set(Unit::kBdma, "CFG_LINE_REPEAT", lines - 1);
    op.set(Unit::kBdma, "CFG_SURF_REPEAT", surfaces - 1);
    for (const char* const reg : {"CFG_SRC_LINE", "CFG_DST_LINE"})
      op.set(Unit::kBdma, reg, line * 32 + below(3) * 32);
    for (const char* const reg : {"CFG_SRC_SURF", "CFG_DST_SURF"})
      op.set(Unit::kBdma, reg, line * 32 * (lines + 4));
    if (!error_of(op).empty()) return false;
    Step step;
    step.kind = Step::Kind::kOperation;
    const bool waits = used_before(Unit::kBdma);
    const std::uint32_t group = turn(Unit::kBdma);
    step.raises = bit(Interrupt::kBdma, group);
    if (waits) step.wait_before = step.raises;
    for (const char* const reg :
         {"CFG_SRC_ADDR_LOW", "CFG_SRC_ADDR_HIGH", "CFG_DST_ADDR_LOW", "CFG_DST_ADDR_HIGH", "CFG_LINE",
          "CFG_CMD", "CFG_LINE_REPEAT", "CFG_SRC_LINE", "CFG_DST_LINE", "CFG_SURF_REPEAT", "CFG_SRC_SURF",
          "CFG_DST_SURF"}) {
      write(step, Unit::kBdma, reg, op.file().value(Unit::kBdma, reg, 0));
    }
    write(step, Unit::kBdma, "CFG_OP", 1);
    write(step, Unit::kBdma, group == 0 ? "CFG_LAUNCH0" : "CFG_LAUNCH1", 1);
    step.text = "BDMA group " + std::to_string(group) + text_;
    program_.steps.push_back(std::move(step));
    ++program_.operations;
    return true;
  }

  // Entries that a line takes: whole ones for each pixel; what is left, rounded to a power of two of atoms,
  // is shared by the pixels that fit into one.
  [[nodiscard]] std::uint32_t entries_per_line(std::uint32_t width, std::uint32_t channel) const {
    const std::uint32_t bytes = (channel + atom() - 1) / atom() * atom(), entry = hardware_.cbuf_entry_bytes;
    const std::uint32_t rest = bytes % entry;
    std::uint32_t share = atom();
    while (share < rest) share *= 2;
    const std::uint32_t pixels = entry / std::min(share, entry);
    return bytes / entry * width + (rest == 0 ? 0 : (width + pixels - 1) / pixels);
  }

  // Direct convolution of int8 with SDP on the fly.
  bool convolution() {
    using registers::test::Convolution;
    Convolution op(name());
    const std::uint32_t kernel = from(1, 3), width = from(kernel, 14), height = from(kernel, 14);
    const std::uint32_t channel = from(1, 64), kernels = from(1, 40);
    const std::uint32_t out_width = width - kernel + 1, out_height = height - kernel + 1;
    const std::uint32_t weights = (kernels * kernel * kernel * channel + 127) / 128 * 128;
    for (const Unit unit : {Unit::kCdma, Unit::kCsc}) {
      op.set(unit, "D_ENTRY_PER_SLICE", entries_per_line(width, channel) - 1);
      op.set(unit, "D_WEIGHT_BYTES", weights);
      op.set(unit, "D_DATAIN_SIZE_EXT_0", (width - 1) | (height - 1) << 16);
    }
    op.set(Unit::kCdma, "D_DATAIN_SIZE_0", (width - 1) | (height - 1) << 16);
    op.set(Unit::kCdma, "D_DATAIN_SIZE_1", channel - 1);
    op.set(Unit::kCdma, "D_DAIN_ADDR_LOW_0", address());
    op.set(Unit::kCdma, "D_LINE_STRIDE", width * atom());
    op.set(Unit::kCdma, "D_SURF_STRIDE", width * height * atom());
    op.set(Unit::kCdma, "D_WEIGHT_SIZE_0", kernel * kernel * channel - 1);
    op.set(Unit::kCdma, "D_WEIGHT_SIZE_1", kernels - 1);
    op.set(Unit::kCdma, "D_WEIGHT_ADDR_LOW", address() / 256 * 256);
    op.set(Unit::kCsc, "D_DATAIN_SIZE_EXT_1", channel - 1);
    op.set(Unit::kCsc, "D_WEIGHT_SIZE_EXT_0", (kernel - 1) | (kernel - 1) << 16);
    op.set(Unit::kCsc, "D_WEIGHT_SIZE_EXT_1", (channel - 1) | (kernels - 1) << 16);
    op.set(Unit::kCsc, "D_ATOMICS", out_width * out_height - 1);
    op.set(Unit::kCsc, "D_RELEASE", height - 1);
    for (const Unit unit : {Unit::kCsc, Unit::kCacc}) {
      op.set(unit, "D_DATAOUT_SIZE_0", (out_width - 1) | (out_height - 1) << 16);
      op.set(unit, "D_DATAOUT_SIZE_1", kernels - 1);
    }
    registers::test::Sdp behind(name());
    for (const Unit unit : {Unit::kSdpRdma, Unit::kSdp}) {
      behind.set(unit, "D_DATA_CUBE_WIDTH", out_width - 1);
      behind.set(unit, "D_DATA_CUBE_HEIGHT", out_height - 1);
      behind.set(unit, "D_DATA_CUBE_CHANNEL", kernels - 1);
      behind.set(unit, "D_FEATURE_MODE_CFG", "FLYING_MODE", 1);
    }
    behind.set(Unit::kSdp, "D_DST_BASE_ADDR_LOW", address());
    behind.set(Unit::kSdp, "D_DST_LINE_STRIDE", out_width * atom());
    behind.set(Unit::kSdp, "D_DST_SURFACE_STRIDE", out_width * out_height * atom());
    if (!error_of(op).empty()) return false;
    try {
      (void)registers::decode_sdp(behind.file(), 0, hardware_);
    } catch (const registers::DecodeError&) {
      return false;
    }
    add_convolution(op, behind);
    return true;
  }

  void add_convolution(const Programmer& op, const Programmer& behind) {
    constexpr std::array kPipeline{Unit::kCacc, Unit::kCmacA, Unit::kCmacB, Unit::kCsc, Unit::kCdma};
    Step step;
    step.kind = Step::Kind::kOperation;
    const bool waits_sdp = used_before(Unit::kSdp), waits = used_before(Unit::kCdma);
    const std::uint32_t sdp_group = turn(Unit::kSdp);
    std::uint32_t group = 0;
    for (const Unit unit : kPipeline) group = turn(unit);
    step.raises = bit(Interrupt::kSdp, sdp_group) | bit(Interrupt::kCacc, group) |
                  bit(Interrupt::kCdmaData, group) | bit(Interrupt::kCdmaWeight, group);
    if (waits_sdp) step.wait_before |= bit(Interrupt::kSdp, sdp_group);
    if (waits) step.wait_before |= step.raises & ~bit(Interrupt::kSdp, sdp_group);
    program(step, behind, Unit::kSdp, sdp_group);
    for (const Unit unit : kPipeline) program(step, op, unit, group);
    enable(step, Unit::kSdp, sdp_group);
    for (const Unit unit : kPipeline) enable(step, unit, group);
    step.text = "CONV group " + std::to_string(group) + ", SDP group " + std::to_string(sdp_group) + text_;
    program_.steps.push_back(std::move(step));
    program_.operations += 2;  // the convolution and SDP
  }

  std::mt19937_64 random_;
  HardwareParameters hardware_;
  DriverProgram program_;
  std::string text_;  // numbers drawn for the operation
  std::array<std::uint32_t, kUnits> turns_{};
};

}  // namespace

std::string text_of(const DriverProgram& program) {
  std::string text = program.configuration + "\n";
  for (const Step& step : program.steps) {
    text += "  " + step.text;
    if (step.pause > 0) text += " after " + std::to_string(step.pause);
    if (step.wait_before != 0) text += ", waits for " + std::to_string(step.wait_before);
    text += "\n";
  }
  return text;
}

DriverProgram random_program(std::uint64_t seed) { return Generator(seed).generate(); }

}  // namespace nvdla::fuzz
