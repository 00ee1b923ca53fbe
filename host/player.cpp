// SPDX-License-Identifier: Apache-2.0
#include "host/player.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <new>
#include <sstream>
#include <stdexcept>

#include "host/files/output_file.h"
#include "host/memory_file.h"
#include "memory/sparse_store.h"
#include "registers/register_map.h"

namespace nvdla::host {

namespace {

using registers::AccessStatus;
using registers::RegisterMap;

// More than the writes of two groups of all units.
constexpr std::size_t kRememberedWrites = 4096;

std::string hex(std::uint64_t value, int digits = 8) {
  std::ostringstream text;
  text << "0x" << std::hex;
  text.fill('0');
  text.width(digits);
  text << value;
  return text.str();
}

}  // namespace

PlayerOptions player_options(const ReplayOptions& options) {
  PlayerOptions result;
  result.stop_on_mismatch = options.stop_on_mismatch;
  result.poll_limit = options.poll_limit;
  result.dump = options.dump;
  result.files = options.files;
  return result;
}

Player::Player(const Program& program, RegisterBus& bus, const engine::Accelerator& accelerator,
               const PlayerOptions& options)
    : program_(program), bus_(bus), accelerator_(accelerator), options_(options) {
  // Whoever reads several files for the program has named them all.
  if (!options_.files.reads(program.path())) options_.files.input(program.path(), "the trace");
}

void Player::on_fault(const std::string& text, Cycle /*at*/) {
  if (fault_) return;
  fault_ = std::make_exception_ptr(ReplayError(at_command(text)));
  bus_.stop();
}

bool Player::play() {
  ++times_;
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
      try {
        memory_command();
      } catch (const std::bad_alloc&) {
        reserve_.reset();
        fail("this machine has not enough memory for it");
      } catch (const std::length_error& error) {
        fail(error.what());
      }
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
  remember_write();
  ++writes_;
}

void Player::remember_write() {
  if (last_writes_.size() < kRememberedWrites) {
    last_writes_.push_back(command_);
    return;
  }
  last_writes_[last_writes_next_] = command_;
  last_writes_next_ = (last_writes_next_ + 1) % kRememberedWrites;
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
  const std::string file =
      (std::filesystem::path(program_.path()).parent_path() / program_.file(*command_)).string();
  if (!bus_.holds(command_->address, command_->size)) fail(outside(command_->size));
  if (command_->size > memory::SparseStore::kMostBytes) fail("load_mem of more than 4 GiB");
  std::vector<unsigned char> bytes;
  try {
    // A file that this run has dumped may be loaded again.
    if (file_commands_.insert(command_).second && !options_.files.writes(file))
      options_.files.input(file, "load_mem in line " + std::to_string(command_->line));
    bytes = read_memory_file(file, command_->size);
  } catch (const InputError& error) {
    fail(error.what());
  }
  if (!bus_.load_memory(command_->address, bytes.data(), bytes.size())) fail(outside(bytes.size()));
}

void Player::dump_memory() {
  if (!bus_.holds(command_->address, command_->size)) fail(outside(command_->size));
  try {
    const std::string path = dump_path(options_.dump, std::string(program_.file(*command_)));
    if (file_commands_.insert(command_).second)
      options_.files.output(path, "dump_mem in line " + std::to_string(command_->line));
    host::dump_memory(bus_, command_->address, command_->size, path);
  } catch (const InputError& error) {
    fail(error.what());
  } catch (const OutputError& error) {
    fail(error.what());
  }
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
  if (times_ > 1) {
    text += "\n  in repetition " + std::to_string(times_);
    std::string pointers;
    for (const std::string& pointer : pointers_at_group_1(accelerator_))
      pointers += (pointers.empty() ? "" : ", ") + pointer;
    if (!pointers.empty())
      text += "; at group 1 stand " + pointers + ": a trace that begins after reset needs one in between";
  }
  throw ReplayError(text);
}

std::string Player::refused(const engine::Burst& burst) const {
  std::string text = std::string("no memory answers the DMA ") + (burst.write ? "write" : "read") +
                     " of client " + std::string(client_name(burst.client)) + " at " + hex(burst.address);
  const auto& map = RegisterMap::of(accelerator_.hardware().generation);
  const Program::Command* nearest = nullptr;
  const auto distance = [&](const Program::Command& write) {
    return static_cast<std::uint32_t>(burst.address) - write.value;  // wraps: an address above is far away
  };
  for (std::size_t i = 0; i < last_writes_.size(); ++i) {  // from the oldest
    const Program::Command& write = *last_writes_[(last_writes_next_ + i) % last_writes_.size()];
    const std::size_t index = map.at(write.offset);
    if (index == RegisterMap::kNone || map[index].name.find("ADDR_LOW") == std::string_view::npos) continue;
    if (nearest == nullptr || distance(write) < distance(*nearest)) nearest = &write;
  }
  if (nearest == nullptr) return at_command(text);
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
