# SPDX-License-Identifier: Apache-2.0
"""Named random choices: the same seed gives the same case everywhere, and every choice can be given instead.

A choice has a name ("kernel_width"); in the scope of an operation the name has the operation's prefix
("b.kernel_width"). What was chosen is kept in `chosen`, so that a case can be made again, or made again with
one parameter changed. The generator is splitmix64, one stream a name: a choice that is added or given does
not move the others.
"""

MASK = (1 << 64) - 1


def mix(state):
    state = (state + 0x9E3779B97F4A7C15) & MASK
    z = state
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


class Draw:
    def __init__(self, seed, given=None, prefix="", chosen=None):
        self.seed = seed
        self.given = {} if given is None else given
        self.prefix = prefix
        self.chosen = {} if chosen is None else chosen

    def scope(self, name):
        """The choices of one operation of several."""
        return Draw(self.seed, self.given, f"{self.prefix}{name}.", self.chosen)

    def between(self, name, low, high):
        """An integer of [low, high]. A given one outside is an error: the case would not be legal."""
        full = self.prefix + name
        if full in self.given:
            value = self.given[full]
            if not low <= value <= high:
                raise ValueError(f"{full}={value}: must be {low} to {high} here")
        else:
            value = low + self._word(full) % (high - low + 1)
        self.chosen[full] = value
        return value

    def one_in(self, name, n):
        """1 in `n` cases: true. Given as 0 or 1."""
        full = self.prefix + name
        value = self.given[full] != 0 if full in self.given else self._word(full) % n == 0
        self.chosen[full] = int(value)
        return value

    def of(self, name, values):
        """One of a list; given as the value."""
        full = self.prefix + name
        if full in self.given:
            value = self.given[full]
            if value not in values:
                raise ValueError(f"{full}={value}: must be one of {', '.join(map(str, values))}")
        else:
            value = values[self._word(full) % len(values)]
        self.chosen[full] = value
        return value

    def bits(self, name, width):
        """A register value of `width` bits, a number of few or of all of them."""
        full = self.prefix + name
        if full in self.given:
            return self.between(name, 0, (1 << width) - 1)
        word = self._word(full)
        used = width if word % 3 == 0 else 1 + (word >> 8) % width
        value = (word >> 32) & ((1 << used) - 1)
        if value >> (used - 1):  # sign
            value |= ((1 << width) - 1) ^ ((1 << used) - 1)
        self.chosen[full] = value
        return value

    def data(self, name, size, precision):
        """Contents of memory: numbers of the precision, some of them zero; fp16 of moderate exponents."""
        state = self._word(self.prefix + name)
        out = bytearray()
        while len(out) < size:
            state = mix(state)
            if precision == "fp16":
                for part in range(4):
                    bits = state >> (16 * part) & 0xFFFF
                    out += (bits & 0x83FF | (10 + (bits >> 10) % 8) << 10 if bits % 11 else 0).to_bytes(2, "little")
            else:
                out += b"\0" if state % 64 == 0 else state.to_bytes(8, "little")
        return bytes(out[:size])

    def _word(self, name):
        state = mix(self.seed & MASK)
        for byte in name.encode():
            state = mix(state ^ byte)
        return mix(state)
