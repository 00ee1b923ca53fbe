// SPDX-License-Identifier: Apache-2.0
// Runs the command nvdla-vp as a user does.
#pragma once

#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace nvdla::test {

struct CommandResult {
  int status = -1;     // exit status; -1 after a signal
  std::string output;  // standard output and standard error
};

// The program under test: the one built with the test that runs, whose objects another build may share.
inline std::string nvdla_vp() {
  return std::filesystem::read_symlink("/proc/self/exe").replace_filename("nvdla-vp").string();
}

// A line of the shell; nvdla_vp in it is the command under test.
inline CommandResult run_shell(const std::string& line) {
  const std::string whole = "nvdla_vp() { '" + nvdla_vp() + "' \"$@\"; }; { " + line + "\n} 2>&1";
  FILE* pipe = popen(whole.c_str(), "r");
  if (!pipe) throw std::runtime_error("cannot run " + line);
  CommandResult result;
  std::array<char, 4096> buffer{};
  while (const std::size_t size = std::fread(buffer.data(), 1, buffer.size(), pipe))
    result.output.append(buffer.data(), size);
  const int status = pclose(pipe);
  if (WIFEXITED(status)) result.status = WEXITSTATUS(status);
  return result;
}

inline CommandResult run_command(const std::string& arguments) {
  return run_shell("nvdla_vp " + arguments + " </dev/null");
}

}  // namespace nvdla::test
