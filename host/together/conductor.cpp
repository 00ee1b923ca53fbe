// SPDX-License-Identifier: Apache-2.0
#include "host/together/conductor.h"

#include <algorithm>
#include <stdexcept>
#include <thread>

namespace nvdla::host {

class Conductor::Lane final : public engine::SimulatedSystem {
 public:
  Lane(Conductor& conductor, std::size_t index) : conductor_(conductor), index_(index) {}

  engine::Accelerator& accelerator() override { return conductor_.system_.accelerator(index_); }
  memory::SparseStore& contents() override { return conductor_.system_.contents(index_); }
  void on_refused(std::function<void(const engine::Burst&)> listener) override {
    conductor_.system_.on_refused(index_, std::move(listener));
  }
  bool idle() override { return conductor_.system_.idle(index_); }
  bool run_until(const std::function<bool()>& done, Cycle until) override {
    done_ = &done;
    until_ = until;
    return wait();
  }
  void advance_to_access(Cycle at) override {
    done_ = nullptr;
    until_ = at - 1;
    (void)wait();
    accelerator().advance(at);
  }
  void advance(Cycle at) override {
    done_ = nullptr;
    until_ = at;
    (void)wait();
    accelerator().advance(at);
  }

  // What it waits for has come, or cannot come any more.
  [[nodiscard]] bool met() {
    if (done_ != nullptr && (*done_)()) return true;
    return done_ != nullptr && idle();
  }
  // The last cycle that has to be over before it goes on; kNever: it does not wait for a time.
  [[nodiscard]] Cycle until() const { return until_; }
  [[nodiscard]] bool finished() const { return finished_; }
  void finish() { finished_ = true; }

 private:
  bool wait() {
    conductor_.hand_over(index_);
    return done_ != nullptr && (*done_)();
  }

  Conductor& conductor_;
  std::size_t index_;
  const std::function<bool()>* done_ = nullptr;  // null: only time counts
  Cycle until_ = -1;                             // before the first hand-over: it may run
  bool finished_ = false;
};

Conductor::Conductor(engine::SharedSystem& system) : system_(system) {
  for (std::size_t i = 0; i < system.size(); ++i) lanes_.push_back(std::make_unique<Lane>(*this, i));
}

Conductor::~Conductor() = default;

engine::SimulatedSystem& Conductor::lane(std::size_t index) { return *lanes_[index]; }

// Lets the world go on until a lane can; all wait. lanes_.size(): all have finished.
std::size_t Conductor::choose() {
  for (;;) {
    std::size_t first = lanes_.size();
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
      if (lanes_[i]->finished()) continue;
      if (failure_ || lanes_[i]->met()) return i;
      if (first == lanes_.size() || lanes_[i]->until() < lanes_[first]->until()) first = i;
    }
    if (first == lanes_.size()) return first;
    const Cycle next = system_.next();
    if (next == kNever || next > lanes_[first]->until()) return first;
    system_.run_cycle(next);
  }
}

void Conductor::hand_over(std::size_t index) {
  std::unique_lock<std::mutex> lock(mutex_);
  turn_ = choose();
  if (turn_ != index) {
    turned_.notify_all();
    turned_.wait(lock, [&] { return turn_ == index; });
  }
  if (failure_) throw Ended();
}

void Conductor::thread(std::size_t index, const std::function<void()>& driver) {
  {
    std::unique_lock<std::mutex> lock(mutex_);
    turned_.wait(lock, [&] { return turn_ == index; });
  }
  std::exception_ptr thrown;
  try {
    if (!failure_) driver();
  } catch (const Ended&) {
  } catch (...) {
    thrown = std::current_exception();
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  lanes_[index]->finish();
  if (thrown && !failure_) failure_ = thrown;
  // What the world throws while it goes on here ends the others.
  try {
    turn_ = choose();
  } catch (...) {
    if (!failure_) failure_ = std::current_exception();
    turn_ = choose();
  }
  turned_.notify_all();
}

void Conductor::run(const std::vector<std::function<void()>>& drivers) {
  if (drivers.size() != lanes_.size()) throw std::logic_error("a driver for each accelerator is needed");
  std::vector<std::thread> threads;
  threads.reserve(drivers.size());
  turn_ = 0;
  for (std::size_t i = 0; i < drivers.size(); ++i)
    threads.emplace_back([this, i, &drivers] { thread(i, drivers[i]); });
  for (std::thread& each : threads) each.join();
  if (failure_) std::rethrow_exception(failure_);
}

}  // namespace nvdla::host
