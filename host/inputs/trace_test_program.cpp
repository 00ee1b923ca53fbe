// SPDX-License-Identifier: Apache-2.0
#include "host/inputs/trace_test_program.h"

#include <deque>
#include <set>

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
    status_ = map.offset(Unit::kGlb, "S_INTR_STATUS");
    mask_ = map.offset(Unit::kGlb, "S_INTR_MASK");
  }

  Program make() {
    for (const TestStatement& statement : statements_) {
      if (is_access(statement.kind)) {
        accesses_.push_back(&statement);
      } else if (statement.kind == Kind::kInterrupt) {
        interrupts_.push_back(&statement);
      } else if (statement.kind == Kind::kRegion) {
        continue;
      } else if (statement.sync.empty()) {
        add(statement);
      } else {
        waiting_.push_back(&statement);
      }
    }
    for (;;) {
      while (pass()) {
      }
      if (interrupts_.empty()) break;
      take_interrupt(*interrupts_.front());
      interrupts_.pop_front();
    }
    // The vendor's bench would wait for ever.
    if (!accesses_.empty()) never(*accesses_.front());
    if (!waiting_.empty()) never(*waiting_.front());
    return std::move(program_);
  }

 private:
  [[noreturn]] void never(const TestStatement& statement) const {
    std::string text = program_.path() + ":" + std::to_string(statement.line) + ": ";
    text += statement.sync.empty() || given_.count(statement.sync) != 0
                ? "its unit waits for an id that nothing gives"
                : "nothing gives the id '" + statement.sync + "' (sync_notify, intr_notify)";
    throw InputError(text + ": " + statement.text);
  }

  // Once over the accesses that are left, in the order of the file. False: every unit waits.
  bool pass() {
    bool done_any = false;
    std::set<std::string> blocked;
    std::vector<const TestStatement*> left;
    for (const TestStatement* statement : accesses_) {
      if (blocked.count(statement->block) != 0) {
        left.push_back(statement);
      } else if (statement->kind == Kind::kWait && given_.count(statement->sync) == 0) {
        blocked.insert(statement->block);
        left.push_back(statement);
      } else {
        done_any = true;
        if (statement->kind == Kind::kNotify) {
          give(statement->sync);
        } else if (statement->kind != Kind::kWait) {
          add(*statement);
        }
      }
    }
    accesses_ = std::move(left);
    return done_any && !accesses_.empty();
  }

  void give(const std::string& id) {
    if (!given_.insert(id).second) return;
    std::vector<const TestStatement*> left;
    for (const TestStatement* statement : waiting_) {
      if (statement->sync == id) {
        add(*statement);
      } else {
        left.push_back(statement);
      }
    }
    waiting_ = std::move(left);
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
  std::vector<const TestStatement*> accesses_;   // not yet made
  std::vector<const TestStatement*> waiting_;    // checks and memory statements, for their id
  std::deque<const TestStatement*> interrupts_;  // not yet waited for
  std::set<std::string> given_;
};

}  // namespace

Program trace_test_program(const std::string& path, Generation generation) {
  return Sequencer(path, generation).make();
}

}  // namespace nvdla::host
