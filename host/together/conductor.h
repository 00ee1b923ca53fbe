// SPDX-License-Identifier: Apache-2.0
// Lets several drivers, each written as if it were alone, work in one simulated time: each has a thread of
// its own, of which one runs at a time. A driver that wants time to pass hands over; then the world goes on
// cycle by cycle to whatever comes first, an event of the accelerators and memories or an access of a
// driver. The result does not depend on how the threads are scheduled.
#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "engine/shared_system.h"
#include "engine/simulated_system.h"

namespace nvdla::host {

class Conductor {
 public:
  // `system` outlives this.
  explicit Conductor(engine::SharedSystem& system);
  ~Conductor();
  Conductor(const Conductor&) = delete;
  Conductor& operator=(const Conductor&) = delete;

  // What the driver of this accelerator sees of the system.
  [[nodiscard]] engine::SimulatedSystem& lane(std::size_t index);
  // Runs drivers[i] on lane i, all of them to their ends. Throws what one of them has thrown; the others end
  // then.
  void run(const std::vector<std::function<void()>>& drivers);

 private:
  class Lane;
  struct Ended {};  // thrown in a driver that is to end because another has failed
  void thread(std::size_t index, const std::function<void()>& driver);
  // Hands over until it is this lane's turn again.
  void hand_over(std::size_t index);
  [[nodiscard]] std::size_t choose();

  engine::SharedSystem& system_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::mutex mutex_;
  std::condition_variable turned_;
  std::size_t turn_ = 0;
  std::exception_ptr failure_;
};

}  // namespace nvdla::host
