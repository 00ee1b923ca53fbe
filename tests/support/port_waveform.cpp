// SPDX-License-Identifier: Apache-2.0
#include "tests/support/port_waveform.h"

#include <algorithm>
#include <functional>
#include <set>

#include "engine/csb_timing.h"
#include "hardware/paths/csb.h"
#include "hardware/paths/pdp.h"
#include "hardware/paths/sdp.h"
#include "host/burst_rows.h"
#include "host/player.h"
#include "host/system_bus.h"

namespace nvdla::test {
namespace {

using host::PollOutcome;

// A pulse of one cycle, or a value that stays.
class Pins {
 public:
  explicit Pins(PortWaveform& waveform) : waveform_(waveform) {}
  void set(const std::string& pin, std::uint64_t value, Cycle at) {
    waveform_.changes[at].push_back({pin, value});
    waveform_.end = std::max(waveform_.end, at + 1);
  }
  void pulse(const std::string& pin, Cycle at, std::uint64_t value = 1) { high_[{pin, at}] |= value; }
  // Pulses of neighbouring cycles become one.
  void finish() {
    for (const auto& [key, value] : high_) {
      set(key.first, value, key.second);
      if (high_.count({key.first, key.second + 1}) == 0) set(key.first, 0, key.second + 1);
    }
  }

 private:
  PortWaveform& waveform_;
  std::map<std::pair<std::string, Cycle>, std::uint64_t> high_;
};

// Every register access, read by read, on its way to the system.
class WatchedBus final : public host::RegisterBus {
 public:
  WatchedBus(host::SystemBus& bus, Generation generation, Pins& pins)
      : bus_(bus), timing_(generation), pins_(pins) {}

  registers::AccessStatus write(std::uint32_t offset, std::uint32_t value) override {
    const Cycle offered = bus_.now();
    const Cycle accepted = timing_.write(offset, offered).accepted;
    request(offset, value, true, offered, accepted);
    return bus_.write(offset, value);
  }
  registers::AccessStatus read(std::uint32_t offset, std::uint32_t& value) override {
    const Cycle offered = bus_.now();
    const engine::CsbTiming::Access access = timing_.read(offset, offered);
    request(offset, 0, false, offered, access.accepted);
    const registers::AccessStatus status = bus_.read(offset, value);
    pins_.pulse("nvdla2csb_valid", access.finished - 1);
    pins_.set("nvdla2csb_data", value, access.finished - 1);
    return status;
  }
  PollOutcome poll(const host::PollRequest& wanted) override {
    PollOutcome outcome;
    do {
      outcome.status = read(wanted.offset, outcome.value);
      ++outcome.reads;
    } while ((outcome.value & wanted.mask) != wanted.expected && !bus_.idle());
    outcome.end =
        (outcome.value & wanted.mask) == wanted.expected ? engine::PollEnd::kMet : engine::PollEnd::kIdle;
    outcome.finished = bus_.now();
    return outcome;
  }
  host::WaitEnd wait_for_interrupt(Cycle limit) override { return bus_.wait_for_interrupt(limit); }
  void stop() override { bus_.stop(); }
  [[nodiscard]] bool idle() override { return bus_.idle(); }
  [[nodiscard]] Cycle now() const override { return bus_.now(); }
  [[nodiscard]] bool load_memory(std::uint64_t address, const unsigned char* data,
                                 std::size_t length) override {
    return bus_.load_memory(address, data, length);
  }
  [[nodiscard]] bool store_memory(std::uint64_t address, unsigned char* data, std::size_t length) override {
    return bus_.store_memory(address, data, length);
  }
  [[nodiscard]] bool holds(std::uint64_t address, std::uint64_t length) const override {
    return bus_.holds(address, length);
  }

 private:
  void request(std::uint32_t offset, std::uint32_t data, bool write, Cycle offered, Cycle accepted) {
    for (Cycle at = offered; at <= accepted; ++at) pins_.pulse("csb2nvdla_valid", at);
    pins_.pulse("csb2nvdla_ready", accepted);
    pins_.set("csb2nvdla_addr", offset / 4, offered);
    pins_.set("csb2nvdla_wdat", data, offered);
    pins_.set("csb2nvdla_write", write ? 1 : 0, offered);
  }

  host::SystemBus& bus_;
  engine::CsbTiming timing_;
  Pins& pins_;
};

class Watcher : public engine::Listener {
 public:
  Watcher(const HardwareParameters& hardware, PortWaveform& waveform, Pins& pins, bool done)
      : generation_(hardware.generation),
        waveform_(waveform),
        pins_(pins),
        done_(done),
        rows_(hardware, [this](const host::DmaBurst& row) { address(row); }) {}

  void finish() { rows_.finish(); }
  void on_enabled(OperationId id, std::uint32_t /*group*/, Cycle at) override {
    waveform_.enables.emplace_back(id, at);
  }
  void on_burst(const engine::Burst& burst) override { rows_.add(burst); }
  void on_interrupt(std::uint32_t status, Cycle at) override {
    const paths::CsbPaths& csb = paths::csb_paths(generation_);
    const bool high = status != 0;
    if (high != line_)
      pins_.set("dla_intr", high ? 1 : 0, at + csb.interrupt_status.sum() + csb.interrupt_line.sum());
    line_ = high;
  }
  void on_raised(std::uint32_t bit, Cycle at) override {
    static const std::map<std::uint32_t, std::string> names{{0, "sdp"},       {2, "cdp"},      {4, "pdp"},
                                                            {16, "cdma_dat"}, {18, "cdma_wt"}, {20, "cacc"}};
    for (const auto& [first, name] : names)
      for (std::uint32_t group = 0; done_ && group < 2; ++group)
        if (bit == 1U << (first + group)) pins_.pulse(name + "2glb_done_intr_pd", at, 1U << group);
  }
  void on_done(const engine::OperationRecord& record) override {
    waveform_.operations.push_back(record);
    const bool sdp = record.id.engine == Engine::kSdp, pdp = record.id.engine == Engine::kPdp;
    const auto client = static_cast<std::size_t>(sdp ? Client::kSdp : Client::kPdp);
    if ((!sdp && !pdp) || record.dbb.written[client] == 0) return;
    const Cycle path = sdp ? paths::sdp_paths(generation_).acknowledge.sum()
                           : paths::pdp_paths(generation_).acknowledge.sum();
    pins_.pulse("nvdla_core2dbb_b_bvalid", record.done - path);
    pins_.set("nvdla_core2dbb_b_bid", client, record.done - path);
  }

 private:
  void address(const host::DmaBurst& row) {
    waveform_.bursts.push_back(row);
    const std::string name = row.write ? "nvdla_core2dbb_aw_aw" : "nvdla_core2dbb_ar_ar";
    pins_.pulse(name + "valid", row.cycle);
    pins_.set(name + "id", static_cast<std::uint64_t>(row.client), row.cycle);
    pins_.set(name + "len", row.beats - 1, row.cycle);
    pins_.set(name + "addr", row.address, row.cycle);
  }

  Generation generation_;
  PortWaveform& waveform_;
  Pins& pins_;
  bool done_;
  bool line_ = false;
  host::BurstRows rows_;
};

std::string binary(std::uint64_t value) {
  std::string text;
  do {
    text.insert(text.begin(), (value & 1U) != 0 ? '1' : '0');
    value >>= 1U;
  } while (value != 0);
  return text;
}

}  // namespace

PortWaveform play_ports(const host::Program& program, const host::ReplayOptions& options, bool done) {
  PortWaveform waveform;
  Pins pins(waveform);
  host::SystemBus bus(options.hardware, host::accelerator_options(options), options.dbb, options.cvsram);
  WatchedBus watched(bus, options.hardware.generation, pins);
  host::Player player(program, watched, bus.system().accelerator(), host::player_options(options));
  Watcher watcher(options.hardware, waveform, pins, done);
  bus.system().accelerator().add_listener(player);
  bus.system().accelerator().add_listener(watcher);
  (void)player.play();
  bus.drain();
  watcher.finish();
  pins.finish();
  for (const char* pin :
       {"nvdla_core2dbb_ar_arready", "nvdla_core2dbb_aw_awready", "nvdla_core2dbb_b_bready"})
    pins.set(pin, 1, 0);
  waveform.end += 100;
  return waveform;
}

std::uint32_t pin_width(const std::string& pin) {
  const auto ends = [&](const std::string& end) {
    return pin.size() >= end.size() && pin.compare(pin.size() - end.size(), end.size(), end) == 0;
  };
  if (ends("_wdat") || ends("csb_data")) return 32;
  if (ends("nvdla_addr")) return 16;
  if (ends("_araddr") || ends("_awaddr")) return 64;
  if (ends("id") && !ends("valid")) return 8;
  if (ends("len")) return 4;
  if (ends("done_intr_pd")) return 2;
  return 1;
}

std::vector<std::string> dumped_pins(const PortWaveform& waveform) {
  std::set<std::string> pins{"dla_intr", "nvdla2csb_valid", "nvdla2csb_data"};
  for (const char* channel : {"nvdla_core2dbb_ar_ar", "nvdla_core2dbb_aw_aw"})
    for (const char* signal : {"valid", "ready", "id", "len", "addr"})
      pins.insert(std::string(channel) + signal);
  for (const auto& [at, changes] : waveform.changes)
    for (const PortWaveform::Change& change : changes) pins.insert(change.pin);
  return {pins.begin(), pins.end()};
}

std::string as_vcd(const PortWaveform& waveform, const VcdStyle& style) {
  std::string text = "$date today $end\n$timescale 1ns $end\n";
  for (const std::string& scope : style.scopes) text += "$scope module " + scope + " $end\n";
  text += "$var wire 1 ! dla_core_clk $end\n$var wire 1 \" dla_reset_rstn $end\n$var real 64 # load $end\n";
  std::map<std::string, std::string> codes;
  for (const std::string& pin : dumped_pins(waveform)) {
    if (std::count(style.left_out.begin(), style.left_out.end(), pin) != 0) continue;
    const auto renamed = style.renamed.find(pin);
    const std::string name = renamed == style.renamed.end() ? pin : renamed->second;
    const std::string code = "p" + std::to_string(codes.size());
    codes[pin] = code;
    const std::uint32_t width = pin_width(pin);
    if (width == 1) {
      text += "$var wire 1 " + code + " " + name + " $end\n";
    } else if (!style.bits) {
      text += "$var wire " + std::to_string(width) + " " + code + " " + name + " [" +
              std::to_string(width - 1) + ":0] $end\n";
    } else {
      for (std::uint32_t bit = 0; bit < width; ++bit)
        text += "$var wire 1 " + code + "_" + std::to_string(bit) + " " + name + " [" + std::to_string(bit) +
                "] $end\n";
    }
  }
  for (std::size_t i = 0; i < style.scopes.size(); ++i) text += "$upscope $end\n";
  text += "$enddefinitions $end\n$dumpvars\n0!\n0\"\nr1.5 #\n";
  const auto change = [&](const std::string& pin, std::uint64_t value) {
    const auto code = codes.find(pin);
    if (code == codes.end()) return;
    const std::uint32_t width = pin_width(pin);
    for (std::uint32_t bit = 0; style.bits && width > 1 && bit < width; ++bit)
      text +=
          std::string((value >> bit & 1U) != 0 ? "1" : "0") + code->second + "_" + std::to_string(bit) + "\n";
    if (width == 1) text += (value != 0 ? "1" : "0") + code->second + "\n";
    if (width > 1 && !style.bits) text += "b" + binary(value) + " " + code->second + "\n";
  };
  for (const auto& [pin, code] : codes) change(pin, 0);
  text += "$end\n";
  // The edge that begins a cycle: what the cycle holds appears with it.
  auto next = waveform.changes.begin();
  for (Cycle cycle = -style.before; cycle < waveform.end; ++cycle) {
    const std::uint64_t edge = 10 * static_cast<std::uint64_t>(cycle + style.before + 1);
    text += "#" + std::to_string(edge) + "\n1!\n";
    if (cycle == -style.before + 10) text += "1\"\n";
    if (next != waveform.changes.end() && next->first == cycle) {
      for (const PortWaveform::Change& each : next->second) change(each.pin, each.value);
      ++next;
    }
    text += "#" + std::to_string(edge + 5) + "\n0!\n";
  }
  return text;
}

}  // namespace nvdla::test
