// expect: trainlog: the type of a field has no serializer
// shows: Entry.*"weights".*const float ?\*
#include <trainlog/schema.hpp>
#include <vector>

#ifdef FIXED
using pointer = std::vector<float>;
#else
using pointer = float const*;
#endif

TRAINLOG_NAMEDTUPLE(Entry, (int, epoch), (pointer, weights))

trainlog::schema const& described() { return trainlog::schema_of<Entry>(); }
