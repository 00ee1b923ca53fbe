// SPDX-License-Identifier: Apache-2.0
#include "platform/player.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "device/csb_extension.h"
#include "host/memory_file.h"
#include "platform/replay.h"
#include "registers/register_map.h"

namespace nvdla::platform {

using sc_core::sc_time;
using sc_core::sc_time_stamp;
using sc_core::SC_ZERO_TIME;

namespace {

// More than two groups of all units hold.
constexpr std::size_t kRememberedAddresses = 64;

std::string hex(std::uint64_t value, int digits = 8) {
  std::ostringstream text;
  text << "0x" << std::hex;
  text.fill('0');
  text.width(digits);
  text << value;
  return text.str();
}

}  // namespace

Player::Player(sc_core::sc_module_name name, host::TraceReader& trace, Nvdla& device,
               std::vector<Memory*> memories, const PlayerOptions& options)
    : sc_module(name),
      csb("csb"),
      interrupt("interrupt"),
      trace_(trace),
      device_(device),
      memories_(std::move(memories)),
      options_(options),
      timing_(device.accelerator().hardware().generation),
      interrupt_status_offset_(device.accelerator().hardware().generation == Generation::kV1 ? 0x000c
                                                                                             : 0x100c) {
  SC_THREAD(play);
}

void Player::on_interrupt(std::uint32_t /*status*/, Cycle at) {
  interrupt_at_ = at;
  interrupt_event_.notify(SC_ZERO_TIME);
}

void Player::on_warning(const std::string& /*text*/, Cycle /*at*/) {
  if (options_.stop_on_dma_error && device_.first_dma_error()) sc_core::sc_stop();
}

void Player::on_fault(const std::string& text, Cycle /*at*/) {
  if (error_) return;
  error_ = std::make_exception_ptr(host::ReplayError(at_command(text)));
  if (!in_access_) sc_core::sc_stop();
}

void Player::play() {
  try {
    while (trace_.next(command_)) execute();
    finished_ = true;
  } catch (const sc_core::sc_unwind_exception&) {
    throw;  // the kernel ends this thread
  } catch (...) {
    error_ = std::current_exception();
    sc_core::sc_stop();
  }
}

void Player::execute() {
  switch (command_.kind) {
    case host::CommandKind::kWriteReg:
      write_register();
      break;
    case host::CommandKind::kReadReg:
      poll(command_.mask, command_.value & command_.mask);
      break;
    case host::CommandKind::kUntil:
      poll(command_.value, command_.value);
      break;
    case host::CommandKind::kWait:
      wait_for_interrupt();
      break;
    case host::CommandKind::kWriteMem:
    case host::CommandKind::kReadMem:
    case host::CommandKind::kLoadMem:
    case host::CommandKind::kDumpMem:
      memory_command();
      break;
  }
}

// -- registers ---------------------------------------------------------------------------------------

void Player::wait_until(Cycle cycle) {
  const sc_time at = device_.time_of(cycle);
  if (at > sc_time_stamp()) wait(at - sc_time_stamp());
}

std::uint32_t Player::transfer(bool write, std::uint32_t value, Cycle entered) {
  tlm::tlm_generic_payload payload;
  payload.set_command(write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND);
  payload.set_address(command_.offset);
  payload.set_data_ptr(reinterpret_cast<unsigned char*>(&value));
  payload.set_data_length(4);
  payload.set_streaming_width(4);
  CsbExtension extension;
  extension.entered = entered;
  payload.set_extension(&extension);
  sc_time delay = SC_ZERO_TIME;
  in_access_ = true;
  csb->b_transport(payload, delay);
  in_access_ = false;
  payload.clear_extension(&extension);
  if (error_) std::rethrow_exception(error_);
  if (payload.get_response_status() == tlm::TLM_ADDRESS_ERROR_RESPONSE) {
    fail("unknown " + register_text(command_.offset) + " in configuration " +
         device_.accelerator().hardware().name);
  }
  if (payload.get_response_status() == tlm::TLM_COMMAND_ERROR_RESPONSE) {
    fail(register_text(command_.offset) + (write ? " is read-only" : " is write-only"));
  }
  if (payload.is_response_error())
    fail(register_text(command_.offset) + ": " + payload.get_response_string());
  return value;
}

void Player::write_register() {
  const engine::CsbTiming::Access access = timing_.write(command_.offset, next_);
  wait_until(access.effective);
  transfer(true, command_.value, access.entered);
  remember_address();
  ++writes_;
  next_ = access.finished;
}

void Player::remember_address() {
  const auto& map = registers::RegisterMap::of(device_.accelerator().hardware().generation);
  const std::size_t index = map.at(command_.offset);
  if (index == registers::RegisterMap::kNone || map[index].name.find("ADDR_LOW") == std::string_view::npos)
    return;
  if (addresses_.size() == kRememberedAddresses) addresses_.pop_front();
  addresses_.push_back({command_.offset, command_.value, command_.line});
}

void Player::poll(std::uint32_t mask, std::uint32_t expected) {
  const bool may_skip = command_.offset == interrupt_status_offset_;
  const Cycle first = next_;
  for (;;) {
    const engine::CsbTiming::Access access = timing_.read(command_.offset, next_);
    next_ = access.finished;
    ++reads_;
    if (may_skip && access.effective < interrupt_at_) continue;  // the change comes after this poll
    wait_until(access.effective);
    last_read_ = transfer(false, 0, 0);
    if ((last_read_ & mask) == expected) return;

    const bool dry = device_.quiescent();
    if (dry || access.effective - first > options_.poll_limit) {
      const std::string what =
          register_text(command_.offset) + " is " + hex(last_read_) + ", expected " + hex(expected) +
          " under mask " + hex(mask) +
          (dry ? "; nothing is pending that could change it"
               : "; no change within " + std::to_string(options_.poll_limit) + " cycles");
      if (command_.kind == host::CommandKind::kUntil || options_.stop_on_mismatch) fail(what);
      mismatches_.push_back(at_command(what));
      return;
    }
    if (may_skip) {
      const Cycle left = std::min(options_.poll_limit, Cycle{1} << 50);  // within sc_time
      wait(device_.time_of(left), interrupt_event_);
      if (interrupt_at_ <= access.effective) interrupt_at_ = std::max(interrupt_at_, device_.cycle());
    }
  }
}

void Player::wait_for_interrupt() {
  wait_until(next_);  // behind the access before, whose effect on the line takes a delta cycle
  if (interrupt.read()) return;
  if (device_.quiescent()) fail("no interrupt will come: nothing is pending");
  const Cycle left = std::min(options_.poll_limit, Cycle{1} << 50);
  wait(device_.time_of(left), interrupt.posedge_event());
  if (!interrupt.read()) fail("no interrupt within " + std::to_string(left) + " cycles");
  next_ = std::max(next_, device_.cycle());
}

// -- memory ------------------------------------------------------------------------------------------

Memory& Player::memory_of(std::uint64_t address, std::uint64_t length) {
  for (Memory* memory : memories_) {
    if (memory->contains(address, length)) return *memory;
  }
  fail("no memory holds " + std::to_string(length) + " bytes at " + hex(address));
}

void Player::memory_command() {
  switch (command_.kind) {
    case host::CommandKind::kWriteMem: {
      unsigned char bytes[4];
      std::memcpy(bytes, &command_.value, 4);
      if (!memory_of(command_.address, 4).write_bytes(command_.address, bytes, 4)) fail("write_mem failed");
      break;
    }
    case host::CommandKind::kReadMem: {
      std::uint32_t value = 0;
      unsigned char bytes[4];
      if (!memory_of(command_.address, 4).read_bytes(command_.address, bytes, 4)) fail("read_mem failed");
      std::memcpy(&value, bytes, 4);
      if ((value & command_.mask) != (command_.value & command_.mask)) {
        const std::string what = "memory at " + hex(command_.address) + " is " + hex(value) + ", expected " +
                                 hex(command_.value) + " under mask " + hex(command_.mask);
        if (options_.stop_on_mismatch) fail(what);
        mismatches_.push_back(at_command(what));
      }
      break;
    }
    case host::CommandKind::kLoadMem: {
      const auto file = std::filesystem::path(trace_.path()).parent_path() / command_.file;
      std::vector<unsigned char> bytes;
      try {
        bytes = host::read_memory_file(file.string(), command_.size);
      } catch (const host::InputError& error) {
        fail(error.what());
      }
      if (!memory_of(command_.address, bytes.size())
               .write_bytes(command_.address, bytes.data(), bytes.size())) {
        fail("load_mem failed");
      }
      break;
    }
    default: {  // dump_mem
      Memory& memory = memory_of(command_.address, command_.size);
      std::ofstream file(command_.file, std::ios::binary);
      std::vector<unsigned char> part(65536);
      for (std::uint64_t done = 0; file && done < command_.size;) {
        const std::uint64_t length = std::min<std::uint64_t>(part.size(), command_.size - done);
        if (!memory.read_bytes(command_.address + done, part.data(), length)) fail("dump_mem failed");
        file.write(reinterpret_cast<const char*>(part.data()), static_cast<std::streamsize>(length));
        done += length;
      }
      if (!file) fail("cannot write " + command_.file);
      break;
    }
  }
}

// -- errors ------------------------------------------------------------------------------------------

std::string Player::register_text(std::uint32_t offset) const {
  const auto& map = registers::RegisterMap::of(device_.accelerator().hardware().generation);
  const std::size_t index = map.at(offset);
  const std::string name = index == registers::RegisterMap::kNone ? "" : map[index].full_name() + " at ";
  return "register " + name + hex(offset, 4);
}

std::string Player::at_command(const std::string& what) const {
  return trace_.path() + ":" + std::to_string(command_.line) + ": " + what + ": " + command_.text;
}

void Player::fail(const std::string& what) const {
  std::string text = at_command(what);
  for (const std::string& operation : device_.unfinished()) text += "\n  still running: " + operation;
  throw host::ReplayError(text);
}

std::string Player::refused(const engine::Burst& burst) const {
  std::string text = std::string("no memory answers the DMA ") + (burst.write ? "write" : "read") +
                     " of client " + std::string(client_name(burst.client)) + " at " + hex(burst.address);
  const auto distance = [&](const AddressWrite& write) {
    return static_cast<std::uint32_t>(burst.address) - write.value;  // wraps: an address above is far away
  };
  const auto nearest =
      std::min_element(addresses_.begin(), addresses_.end(),
                       [&](const auto& a, const auto& b) { return distance(a) < distance(b); });
  if (nearest == addresses_.end()) return at_command(text);
  return trace_.path() + ":" + std::to_string(nearest->line) + ": " + text +
         "; nearest address programmed: " + register_text(nearest->offset) + " = " + hex(nearest->value);
}

std::string Player::stuck() const { return at_command("the simulation has ended while this command waits"); }

}  // namespace nvdla::platform
