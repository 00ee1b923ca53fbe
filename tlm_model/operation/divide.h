// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <type_traits>

namespace nvdla {

// a / b rounded up. Precondition: b > 0, a + b - 1 fits the wider of the two types.
template <class A, class B>
[[nodiscard]] constexpr std::common_type_t<A, B> ceil_div(A a, B b) {
  using T = std::common_type_t<A, B>;
  return (static_cast<T>(a) + static_cast<T>(b) - 1) / static_cast<T>(b);
}

}  // namespace nvdla
