// SPDX-License-Identifier: Apache-2.0
#include "host/program.h"

namespace nvdla::host {

Program::Program(const std::string& path) : path_(input_name(path)) {
  TraceReader reader(path);
  TraceCommand parsed;
  while (reader.next(parsed)) {
    Command command;
    command.kind = parsed.kind;
    command.offset = parsed.offset;
    command.mask = parsed.mask;
    command.value = parsed.value;
    command.address = parsed.address;
    command.size = parsed.size;
    command.line = parsed.line;
    command.text_first = characters_.size();
    command.text_length = parsed.text.size();
    characters_ += parsed.text;
    if (!parsed.file.empty()) {
      // A word of the line: found there again, the last one before a comment.
      command.file_first =
          command.text_first + parsed.text.substr(0, parsed.text.find('#')).rfind(parsed.file);
      command.file_length = parsed.file.size();
    }
    commands_.push_back(command);
  }
  if (commands_.empty()) throw InputError(reader.path() + ": the trace has no commands");
}

}  // namespace nvdla::host
