// SPDX-License-Identifier: Apache-2.0
#include "host/player.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "host/memory_file.h"
#include "host/refused_text.h"
#include "host/replay.h"
#include "registers/register_map.h"

namespace nvdla::host {

namespace {

using registers::AccessStatus;
using registers::RegisterMap;

// More than two groups of all units hold.
constexpr std::size_t kRememberedAddresses = 64;
constexpr std::size_t kPart = 65536;  // bytes of dump_mem at a time

std::string hex(std::uint64_t value, int digits = 8) {
  std::ostringstream text;
  text << "0x" << std::hex;
  text.fill('0');
  text.width(digits);
  text << value;
  return text.str();
}

}  // namespace

Player::Player(const Program& program, RegisterBus& bus, const engine::Accelerator& accelerator,
               const PlayerOptions& options)
    : program_(program), bus_(bus), accelerator_(accelerator), options_(options) {}

void Player::on_fault(const std::string& text, Cycle /*at*/) {
  if (fault_) return;
  fault_ = std::make_exception_ptr(ReplayError(at_command(text)));
  bus_.stop();
}

bool Player::play() {
  for (const Program::Command& command : program_.commands()) {
    command_ = &command;
    const bool done = execute();
    if (fault_) std::rethrow_exception(fault_);
    if (!done) return false;
  }
  return true;
}

double Player::fraction() const {
  if (command_ == nullptr) return 0;
  const auto played = static_cast<double>(command_ - program_.commands().data()) + 1;
  return played / static_cast<double>(program_.commands().size());
}

// False: the bus was stopped.
bool Player::execute() {
  switch (command_->kind) {
    case CommandKind::kWriteReg:
      write_register();
      return true;
    case CommandKind::kReadReg:
      return poll(command_->mask, command_->value & command_->mask);
    case CommandKind::kUntil:
      return poll(command_->value, command_->value);
    case CommandKind::kWait:
      return wait_for_interrupt();
    case CommandKind::kWriteMem:
    case CommandKind::kReadMem:
    case CommandKind::kLoadMem:
    case CommandKind::kDumpMem:
      memory_command();
      return true;
  }
  return true;
}

// -- registers ---------------------------------------------------------------------------------------

void Player::check(AccessStatus status, bool write) const {
  if (fault_) std::rethrow_exception(fault_);
  switch (status) {
    case AccessStatus::kOk:
    case AccessStatus::kIgnored:  // dropped by hardware; a listener hears of it
      return;
    case AccessStatus::kUnmapped:
      fail("unknown " + register_text(command_->offset) + " in configuration " +
           accelerator_.hardware().name);
    case AccessStatus::kReadOnly:
    case AccessStatus::kWriteOnly:
    case AccessStatus::kMisaligned:
      fail(register_text(command_->offset) + (write ? " is read-only" : " is write-only"));
  }
}

void Player::write_register() {
  check(bus_.write(command_->offset, command_->value), true);
  remember_address();
  ++writes_;
}

void Player::remember_address() {
  const auto& map = RegisterMap::of(accelerator_.hardware().generation);
  const std::size_t index = map.at(command_->offset);
  if (index == RegisterMap::kNone || map[index].name.find("ADDR_LOW") == std::string_view::npos) return;
  if (addresses_.size() == kRememberedAddresses) addresses_.pop_front();
  addresses_.push_back({command_->offset, command_->value, command_->line});
}

bool Player::poll(std::uint32_t mask, std::uint32_t expected) {
  const PollOutcome outcome = bus_.poll({command_->offset, mask, expected, options_.poll_limit});
  reads_ += outcome.reads;
  if (outcome.end == PollEnd::kStopped) return false;
  check(outcome.status, false);
  if (outcome.end == PollEnd::kMet) return true;
  const std::string what = register_text(command_->offset) + " is " + hex(outcome.value) + ", expected " +
                           hex(expected) + " under mask " + hex(mask) +
                           (outcome.end == PollEnd::kIdle
                                ? "; nothing is pending that could change it"
                                : "; no change within " + std::to_string(options_.poll_limit) + " cycles");
  if (command_->kind == CommandKind::kUntil) fail(what);
  mismatch(what);
  return true;
}

bool Player::wait_for_interrupt() {
  switch (bus_.wait_for_interrupt(options_.poll_limit)) {
    case WaitEnd::kRaised:
      return true;
    case WaitEnd::kIdle:
      fail("no interrupt will come: nothing is pending");
    case WaitEnd::kLimit:
      fail("no interrupt within " + std::to_string(options_.poll_limit) + " cycles");
    case WaitEnd::kStopped:
      return false;
  }
  return false;
}

// -- memory ------------------------------------------------------------------------------------------

std::string Player::outside(std::uint64_t length) const {
  return "no memory holds " + std::to_string(length) + " bytes at " + hex(command_->address);
}

void Player::memory_command() {
  switch (command_->kind) {
    case CommandKind::kWriteMem: {
      unsigned char bytes[4];
      std::memcpy(bytes, &command_->value, sizeof bytes);
      if (!bus_.load_memory(command_->address, bytes, sizeof bytes)) fail(outside(sizeof bytes));
      break;
    }
    case CommandKind::kReadMem:
      read_memory();
      break;
    case CommandKind::kLoadMem:
      load_memory();
      break;
    default:
      dump_memory();
      break;
  }
}

void Player::read_memory() {
  unsigned char bytes[4];
  if (!bus_.store_memory(command_->address, bytes, sizeof bytes)) fail(outside(sizeof bytes));
  std::uint32_t value = 0;
  std::memcpy(&value, bytes, sizeof bytes);
  if ((value & command_->mask) == (command_->value & command_->mask)) return;
  mismatch("memory at " + hex(command_->address) + " is " + hex(value) + ", expected " +
           hex(command_->value) + " under mask " + hex(command_->mask));
}

void Player::load_memory() {
  const auto file = std::filesystem::path(program_.path()).parent_path() / program_.file(*command_);
  std::vector<unsigned char> bytes;
  try {
    bytes = read_memory_file(file.string(), command_->size);
  } catch (const InputError& error) {
    fail(error.what());
  }
  if (!bus_.load_memory(command_->address, bytes.data(), bytes.size())) fail(outside(bytes.size()));
}

void Player::dump_memory() {
  if (!bus_.holds(command_->address, command_->size)) fail(outside(command_->size));
  const std::string name(program_.file(*command_));
  std::ofstream file(name, std::ios::binary);
  std::vector<unsigned char> part(std::min<std::uint64_t>(kPart, command_->size));
  for (std::uint64_t done = 0; file && done < command_->size;) {
    const std::uint64_t length = std::min<std::uint64_t>(part.size(), command_->size - done);
    if (!bus_.store_memory(command_->address + done, part.data(), length)) fail(outside(command_->size));
    file.write(reinterpret_cast<const char*>(part.data()), static_cast<std::streamsize>(length));
    done += length;
  }
  file.close();
  if (!file) fail("cannot write " + name);
}

// -- errors ------------------------------------------------------------------------------------------

std::string Player::register_text(std::uint32_t offset) const {
  const auto& map = RegisterMap::of(accelerator_.hardware().generation);
  const std::size_t index = map.at(offset);
  const std::string name = index == RegisterMap::kNone ? "" : map[index].full_name() + " at ";
  return "register " + name + hex(offset, 4);
}

std::string Player::at_command(const std::string& what) const {
  if (command_ == nullptr) return program_.path() + ": " + what;
  return program_.path() + ":" + std::to_string(command_->line) + ": " + what + ": " +
         std::string(program_.text(*command_));
}

void Player::mismatch(const std::string& what) {
  if (options_.stop_on_mismatch) fail(what);
  mismatches_.push_back(at_command(what));
}

void Player::fail(const std::string& what) const {
  std::string text = at_command(what);
  for (const std::string& operation : accelerator_.unfinished()) text += "\n  still running: " + operation;
  throw ReplayError(text);
}

std::string Player::refused(const engine::Burst& burst) const {
  const std::string text = refused_text(burst);
  const auto distance = [&](const AddressWrite& write) {
    return static_cast<std::uint32_t>(burst.address) - write.value;  // wraps: an address above is far away
  };
  const auto nearest =
      std::min_element(addresses_.begin(), addresses_.end(),
                       [&](const auto& a, const auto& b) { return distance(a) < distance(b); });
  if (nearest == addresses_.end()) return at_command(text);
  return program_.path() + ":" + std::to_string(nearest->line) + ": " + text +
         "; nearest address programmed: " + register_text(nearest->offset) + " = " + hex(nearest->value);
}

std::string Player::stuck() const { return at_command("the simulation has ended while this command waits"); }

void Player::check_finished() const {
  const std::vector<std::string> unfinished = accelerator_.unfinished();
  if (unfinished.empty()) return;
  std::string text = program_.path() + ":" + std::to_string(line()) +
                     ": the trace ends while operations are not done (is it complete?)";
  for (const std::string& operation : unfinished) text += "\n  still running: " + operation;
  throw ReplayError(text);
}

}  // namespace nvdla::host
