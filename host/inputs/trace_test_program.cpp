// SPDX-License-Identifier: Apache-2.0
#include "host/inputs/trace_test_program.h"

#include <deque>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "host/text_source.h"
#include "registers/register_map.h"

namespace nvdla::host {
namespace {

using Kind = TestStatement::Kind;

bool is_access(Kind kind) {
  return kind == Kind::kWrite || kind == Kind::kRead || kind == Kind::kReadCheck || kind == Kind::kPoll ||
         kind == Kind::kNotify || kind == Kind::kWait;
}

class Sequencer {
 public:
  Sequencer(const std::string& path, Generation generation)
      : program_(Program::of(path)), statements_(read_trace_test(path, generation)) {
    const auto& map = registers::RegisterMap::of(generation);
    status_ = map.offset(nvdla::Unit::kGlb, "S_INTR_STATUS");
    mask_ = map.offset(nvdla::Unit::kGlb, "S_INTR_MASK");
  }

  Program make() {
    for (const TestStatement& statement : statements_) {
      if (is_access(statement.kind)) {
        units_[statement.block].push_back(&statement);
      } else if (statement.kind == Kind::kInterrupt) {
        interrupts_.push_back(&statement);
      } else if (statement.kind == Kind::kRegion) {
        continue;
      } else if (statement.sync.empty()) {
        add(statement);
      } else {
        waiting_[statement.sync].push_back(&statement);
      }
    }
    for (auto& [name, unit] : units_) ready_.emplace(unit.front()->line, &unit);
    for (;;) {
      while (!ready_.empty()) step();
      if (interrupts_.empty()) break;
      take_interrupt(*interrupts_.front());
      interrupts_.pop_front();
    }
    check_all_done();
    return std::move(program_);
  }

 private:
  using Unit = std::deque<const TestStatement*>;  // accesses not yet made

  // The vendor's bench would wait for ever.
  void check_all_done() const {
    const TestStatement* first = nullptr;
    const auto consider = [&](const TestStatement* statement) {
      if (first == nullptr || statement->line < first->line) first = statement;
    };
    for (const auto& [id, units] : blocked_)
      for (const Unit* unit : units) consider(unit->front());
    for (const auto& [id, statements] : waiting_)
      for (const TestStatement* statement : statements) consider(statement);
    if (first == nullptr) return;
    throw InputError(program_.path() + ":" + std::to_string(first->line) + ": nothing gives the id '" +
                     first->sync + "' (sync_notify, intr_notify): " + first->text);
  }

  // The next access, in the order of the file, of a unit that does not wait.
  void step() {
    Unit& unit = *ready_.begin()->second;
    ready_.erase(ready_.begin());
    const TestStatement& statement = *unit.front();
    if (statement.kind == Kind::kWait && given_.count(statement.sync) == 0) {
      blocked_[statement.sync].push_back(&unit);
      return;
    }
    unit.pop_front();
    if (!unit.empty()) ready_.emplace(unit.front()->line, &unit);
    if (statement.kind == Kind::kNotify) {
      give(statement.sync);
    } else if (statement.kind != Kind::kWait) {
      add(statement);
    }
  }

  void give(const std::string& id) {
    if (!given_.insert(id).second) return;
    if (const auto found = waiting_.find(id); found != waiting_.end()) {
      for (const TestStatement* statement : found->second) add(*statement);
      waiting_.erase(found);
    }
    if (const auto found = blocked_.find(id); found != blocked_.end()) {
      for (Unit* unit : found->second) ready_.emplace(unit->front()->line, unit);
      blocked_.erase(found);
    }
  }

  void take_interrupt(const TestStatement& statement) {
    Program::Command command;
    command.line = statement.line;
    command.kind = CommandKind::kUntil;
    command.offset = status_;
    command.value = statement.value;
    program_.add(command, statement.text);
    // Masked, it would not have come to the vendor's handler.
    command.kind = CommandKind::kReadCheck;
    command.offset = mask_;
    command.mask = statement.value;
    command.value = 0;
    program_.add(command, statement.text);
    command.kind = CommandKind::kWriteReg;
    command.offset = status_;
    command.value = statement.value;
    program_.add(command, statement.text);
    give(statement.sync);
  }

  void add(const TestStatement& statement) {
    Program::Command command;
    switch (statement.kind) {
      case Kind::kWrite:
        command.kind = CommandKind::kWriteReg;
        break;
      case Kind::kRead:
        command.kind = CommandKind::kReadCheck;
        break;
      case Kind::kReadCheck:
        command.kind = CommandKind::kReadCheck;
        break;
      case Kind::kPoll:
        command.kind = CommandKind::kReadReg;
        break;
      case Kind::kFill:
        command.kind = CommandKind::kFillMem;
        break;
      case Kind::kLoad:
        command.kind = CommandKind::kLoadSurface;
        break;
      case Kind::kCheckCrc:
        command.kind = CommandKind::kCheckCrc;
        break;
      case Kind::kCheckFile:
        command.kind = CommandKind::kCheckFile;
        break;
      default:  // check_nothing
        return;
    }
    command.line = statement.line;
    command.offset = statement.offset;
    command.mask = statement.kind == Kind::kRead ? 0 : statement.mask;
    command.value = statement.value;
    command.space = statement.space;
    command.named_space = !is_access(statement.kind);
    command.pattern = statement.pattern;
    command.address = statement.address;
    command.size = statement.size;
    program_.add(command, statement.text, statement.file);
  }

  Program program_;
  std::vector<TestStatement> statements_;
  std::uint32_t status_ = 0, mask_ = 0;
  std::map<std::string, Unit> units_;
  std::map<std::size_t, Unit*> ready_;                           // by the line of the next access
  std::unordered_map<std::string, std::vector<Unit*>> blocked_;  // by the id that they wait for
  std::unordered_map<std::string, std::vector<const TestStatement*>> waiting_;  // checks, memory statements
  std::deque<const TestStatement*> interrupts_;                                 // not yet waited for
  std::unordered_set<std::string> given_;
};

}  // namespace

Program trace_test_program(const std::string& path, Generation generation) {
  return Sequencer(path, generation).make();
}

}  // namespace nvdla::host
