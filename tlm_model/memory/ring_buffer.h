// SPDX-License-Identifier: Apache-2.0
// A queue that allocates only while it grows: the simulation core must not use the heap for every burst.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace nvdla::memory {

template <typename T>
class RingBuffer {
 public:
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] T& front() { return slots_[first_]; }
  [[nodiscard]] const T& front() const { return slots_[first_]; }
  [[nodiscard]] T& back() { return (*this)[size_ - 1]; }
  [[nodiscard]] const T& back() const { return (*this)[size_ - 1]; }
  [[nodiscard]] T& operator[](std::size_t index) { return slots_[(first_ + index) & (capacity_ - 1)]; }
  [[nodiscard]] const T& operator[](std::size_t index) const {
    return slots_[(first_ + index) & (capacity_ - 1)];
  }

  // From the front on.
  class Iterator {
   public:
    Iterator(const RingBuffer& of, std::size_t index) : of_(of), index_(index) {}
    const T& operator*() const { return of_[index_]; }
    Iterator& operator++() {
      ++index_;
      return *this;
    }
    bool operator!=(const Iterator& other) const { return index_ != other.index_; }

   private:
    const RingBuffer& of_;
    std::size_t index_;
  };
  [[nodiscard]] Iterator begin() const { return {*this, 0}; }
  [[nodiscard]] Iterator end() const { return {*this, size_}; }

  // A slot at the end, with whatever it last held.
  T& append() {
    if (size_ == capacity_) grow();
    return slots_[(first_ + size_++) & (capacity_ - 1)];
  }
  T& push(const T& value) { return append() = value; }
  void pop() {
    first_ = (first_ + 1) & (capacity_ - 1);
    --size_;
  }
  void clear() { first_ = size_ = 0; }

 private:
  void grow() {
    std::vector<T> bigger(capacity_ == 0 ? 4 : 2 * capacity_);
    for (std::size_t i = 0; i < size_; ++i) bigger[i] = std::move((*this)[i]);
    slots_ = std::move(bigger);
    capacity_ = slots_.size();
    first_ = 0;
  }

  std::vector<T> slots_;
  std::size_t capacity_ = 0;  // of slots_: always a power of two, which size() would have to divide for
  std::size_t first_ = 0;
  std::size_t size_ = 0;
};

}  // namespace nvdla::memory
