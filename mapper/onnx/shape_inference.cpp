// SPDX-License-Identifier: Apache-2.0
#include "mapper/onnx/shape_inference.h"

#include <onnx/shape_inference/implementation.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <string>

namespace nvdla::mapper {

namespace {

constexpr rlim_t kSeconds = 10;  // of the processor; the largest public models take less than one

// In the child: the inferred values through `to`. Ends the process.
[[noreturn]] void infer_and_exit(onnx::ModelProto& model, int to) {
  for (const int signal : {SIGFPE, SIGSEGV, SIGBUS, SIGABRT, SIGILL}) std::signal(signal, SIG_DFL);
  const rlimit no_core{0, 0}, time{kSeconds, kSeconds};
  (void)setrlimit(RLIMIT_CORE, &no_core);
  (void)setrlimit(RLIMIT_CPU, &time);
  try {
    onnx::shape_inference::InferShapes(model);
  } catch (const std::exception&) {
    _exit(1);
  }
  onnx::GraphProto inferred;
  inferred.mutable_value_info()->Swap(model.mutable_graph()->mutable_value_info());
  inferred.mutable_output()->Swap(model.mutable_graph()->mutable_output());
  const std::string bytes = inferred.SerializeAsString();
  for (std::size_t written = 0; written < bytes.size();) {
    const ssize_t now = write(to, bytes.data() + written, bytes.size() - written);
    if (now < 0 && errno == EINTR) continue;
    if (now <= 0) _exit(1);
    written += static_cast<std::size_t>(now);
  }
  _exit(0);
}

std::string read_all(int from) {
  std::string bytes;
  std::array<char, 1 << 14> buffer{};
  for (;;) {
    const ssize_t now = read(from, buffer.data(), buffer.size());
    if (now < 0 && errno == EINTR) continue;
    if (now <= 0) return bytes;
    bytes.append(buffer.data(), static_cast<std::size_t>(now));
  }
}

}  // namespace

void infer_shapes(onnx::ModelProto& model) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) return;
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    infer_and_exit(model, ends[1]);
  }
  close(ends[1]);
  if (child < 0) {
    close(ends[0]);
    return;
  }
  const std::string bytes = read_all(ends[0]);
  close(ends[0]);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  onnx::GraphProto inferred;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 || !inferred.ParseFromString(bytes)) return;
  model.mutable_graph()->mutable_value_info()->Swap(inferred.mutable_value_info());
  model.mutable_graph()->mutable_output()->Swap(inferred.mutable_output());
}

}  // namespace nvdla::mapper
