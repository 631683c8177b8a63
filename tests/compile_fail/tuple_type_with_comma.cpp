// first: trainlog: in Pixel a type with a comma needs parentheses of its own
#include <array>
#include <trainlog/record.hpp>

#ifdef FIXED
TRAINLOG_NAMEDTUPLE(Pixel, ((std::array<float, 3>), rgb), (int, x))
#else
TRAINLOG_NAMEDTUPLE(Pixel, (std::array<float, 3>, rgb), (int, x))
#endif
