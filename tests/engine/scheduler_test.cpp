// SPDX-License-Identifier: Apache-2.0
// Proves the rules of the event kernel: a process runs in the cycle that it asked for, once, in the order in
// which processes asked, and never in the past.
#include "engine/scheduler.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace nvdla::engine {
namespace {

class Recorder : public Process {
 public:
  using Log = std::vector<std::pair<Cycle, int>>;
  Recorder(Scheduler& scheduler, int id, Log& log) : Process(scheduler), id_(id), log_(log) {}
  std::function<void(Cycle)> then;

 protected:
  void run(Cycle now) override {
    EXPECT_EQ(now, this->now());
    log_.emplace_back(now, id_);
    if (then) then(now);
  }

 private:
  int id_;
  Log& log_;
};

struct Kernel {
  Scheduler scheduler;
  Recorder::Log log;
  Recorder a{scheduler, 1, log}, b{scheduler, 2, log}, c{scheduler, 3, log};
};
using Log = Recorder::Log;

TEST(Scheduler, RunsAProcessInItsCycleAndNotBefore) {
  Kernel k;
  k.a.wake(10);
  EXPECT_EQ(k.scheduler.next(), 10);
  k.scheduler.advance(9);
  EXPECT_EQ(k.log, Log());
  EXPECT_EQ(k.scheduler.now(), 9);
  k.scheduler.advance(10);
  EXPECT_EQ(k.log, Log({{10, 1}}));
  EXPECT_EQ(k.scheduler.next(), kNever);
}

TEST(Scheduler, TheEarlierOfTwoWakesCountsAndTheOtherIsForgotten) {
  Kernel k;
  k.a.wake(20);
  k.a.wake(10);
  k.a.wake(15);
  k.scheduler.advance(100);
  EXPECT_EQ(k.log, Log({{10, 1}}));
}

TEST(Scheduler, ProcessesOfOneCycleRunInTheOrderInWhichTheyAsked) {
  Kernel k;
  k.c.wake(5);
  k.a.wake(5);
  k.b.wake(4);
  k.scheduler.advance(5);
  EXPECT_EQ(k.log, Log({{4, 2}, {5, 3}, {5, 1}}));
}

TEST(Scheduler, AWakeInThePastIsNow) {
  Kernel k;
  k.scheduler.advance(50);
  k.a.wake(3);
  EXPECT_EQ(k.scheduler.next(), 50);
  k.scheduler.advance(50);
  EXPECT_EQ(k.log, Log({{50, 1}}));
}

TEST(Scheduler, AProcessMayAskAgainForTheCycleInWhichItRuns) {
  Kernel k;
  int left = 3;
  k.a.then = [&](Cycle now) {
    if (--left > 0) k.a.wake(now);
  };
  k.a.wake(7);
  k.b.wake(7);
  k.scheduler.advance(7);
  EXPECT_EQ(k.log, Log({{7, 1}, {7, 2}, {7, 1}, {7, 1}}));
}

TEST(Scheduler, NeverIsNoWake) {
  Kernel k;
  k.a.wake(kNever);
  EXPECT_EQ(k.scheduler.next(), kNever);
  k.scheduler.advance(1'000'000);
  EXPECT_EQ(k.log, Log());
  k.a.wake(1'000'001);
  k.scheduler.advance(1'000'001);
  EXPECT_EQ(k.log.size(), 1U);
}

TEST(Scheduler, ClearForgetsWakesAndKeepsTheClock) {
  Kernel k;
  k.a.wake(10);
  k.b.wake(20);
  k.scheduler.advance(15);
  k.scheduler.clear();
  EXPECT_EQ(k.scheduler.now(), 15);
  EXPECT_EQ(k.scheduler.next(), kNever);
  k.b.wake(30);  // a forgotten wake does not stand in the way of a later one
  k.scheduler.advance(30);
  EXPECT_EQ(k.log, Log({{10, 1}, {30, 2}}));
}

// Whatever the steps in which time advances: the same processes run in the same cycles and order.
TEST(Scheduler, StepsOfTimeDoNotChangeTheOrder) {
  EXPECT_TRUE(rc::check([] {
    struct Ask {
      int process;
      Cycle at;
    };
    const auto asks = *rc::gen::container<std::vector<Ask>>(
        rc::gen::construct<Ask>(rc::gen::inRange(0, 5), rc::gen::inRange<Cycle>(0, 60)));
    const auto steps = *rc::gen::container<std::vector<Cycle>>(rc::gen::inRange<Cycle>(0, 20));
    const auto play = [&](bool in_steps) {
      Scheduler scheduler;
      Log log;
      std::vector<std::unique_ptr<Recorder>> processes;
      for (int i = 0; i < 5; ++i) {
        processes.push_back(std::make_unique<Recorder>(scheduler, i, log));
        Recorder* self = processes.back().get();
        int again = i;  // asks again, so many times
        self->then = [self, again](Cycle now) mutable {
          if (again-- > 0) self->wake(now + 3);
        };
      }
      for (const Ask& ask : asks) processes[static_cast<std::size_t>(ask.process)]->wake(ask.at);
      if (in_steps) {
        for (const Cycle step : steps) scheduler.advance(scheduler.now() + step);
      }
      scheduler.advance(1000);
      return log;
    };
    const Log whole = play(false);
    RC_ASSERT(whole == play(true));
    for (std::size_t i = 1; i < whole.size(); ++i) RC_ASSERT(whole[i - 1].first <= whole[i].first);
  }));
}

}  // namespace
}  // namespace nvdla::engine
