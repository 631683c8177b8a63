// SPDX-License-Identifier: MIT
// A new journal beside a log, mapped where that is safe (docs/format.md, Journal; design note 6).
#ifndef TRAINLOG_LOG_JOURNAL_CREATE_HPP
#define TRAINLOG_LOG_JOURNAL_CREATE_HPP

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "trainlog/detail/file.hpp"
#include "trainlog/log/journal_format.hpp"
#include "trainlog/log/journal_ring.hpp"
#include "trainlog/log/options.hpp"
#include "trainlog/log/ring_memory.hpp"

namespace trainlog::detail {

/// Fills `size` bytes with random ones. Throws io_error.
inline void fill_random(void* out, std::size_t size, file_operation const& operation) {
  auto const count = retry_interrupted([&] { return ::getrandom(out, size, 0); });
  operation.check(count == static_cast<::ssize_t>(size));
}

/// That of a new log. Throws io_error.
inline file_id random_file_id(file_operation const& operation) {
  file_id id{};
  fill_random(id.data(), id.size(), operation);
  return id;
}

/// The bytes of a ring: as asked for, or room for 16,384 rows of `row_size` bytes (0 if they vary).
inline std::uint64_t ring_size_for(std::uint64_t asked, std::size_t row_size) noexcept {
  std::uint64_t const rows = 16384 * slot_size(row_size == 0 ? 56 : row_size);
  std::uint64_t const size =
      asked != 0 ? asked : std::clamp<std::uint64_t>(rows, 262144, std::uint64_t{32} << 20U);
  return std::bit_ceil(std::clamp<std::uint64_t>(size, memory_page(), max_ring_size));
}

/// The name of a file system on which another machine may write, or whose pages may fail, so that
/// mapping is not safe; null for the others.
inline char const* unsafe_to_map(int descriptor) noexcept {
  static constexpr std::pair<std::uint32_t, char const*> unsafe[] = {
      {0x6969, "NFS"},        {0x517B, "SMB"},       {0xFF534D42, "CIFS"},   {0xFE534D42, "SMB2"},
      {0x0BD00BD0, "Lustre"}, {0x00C36400, "Ceph"},  {0x01021997, "9P"},     {0x65735546, "FUSE"},
      {0x5346414F, "AFS"},    {0x47504653, "GPFS"},  {0x19830326, "BeeGFS"}, {0x7461636f, "OCFS2"},
      {0x01161970, "GFS2"},   {0xAAD7AAEA, "PanFS"}, {0x786F4256, "vboxsf"},
  };
  struct ::statfs status{};
  if (::fstatfs(descriptor, &status) != 0) return nullptr;
  for (auto const& [number, name] : unsafe) {
    if (static_cast<std::uint32_t>(status.f_type) == number) return name;
  }
  return nullptr;
}

/// A ring with its file, and why it is not mapped, if it is not.
struct new_journal {
  std::unique_ptr<journal_ring> ring;
  std::string reason;
};

/// Makes rings. Every failure of the system is an io_error.
class journal_maker {
 public:
  /// `log` is the open log at `path`.
  journal_maker(std::string const& path, int log) : path_(journal_path(path)), log_(log) {}

  /// A ring without a file.
  new_journal in_memory(journal_header const& header) const {
    return {ring_of(header, ring_backing::memory, unique_descriptor(-1)), "durability::none"};
  }

  /// A ring with a file that takes the place of the log's journal.
  new_journal in_file(journal_header const& header, journal_kind kind) const {
    struct ::stat status{};
    creating_.check(::fstat(log_, &status) == 0);
    temporary_file file(path_, status.st_mode & 0777U, creating_);
    // Some file systems know of no modes, and say so in many ways.
    if (::fchmod(file.descriptor(), status.st_mode & 0777U) != 0) errno = 0;
    new_journal made = backed(header, kind, file);
    file.rename_to(path_);
    return made;
  }

 private:
  new_journal backed(journal_header const& header, journal_kind kind, temporary_file& file) const {
    if (kind == journal_kind::written) return {written(header, file), "journal_kind::written"};
    if (kind == journal_kind::mapped) return {mapped(header, file), ""};
    if (auto const* name = unsafe_to_map(file.descriptor())) return {written(header, file), name};
    try {
      return {mapped(header, file), ""};
    } catch (io_error const& problem) {
      return {written(header, file), problem.what()};
    }
  }

  std::unique_ptr<journal_ring> mapped(journal_header const& header, temporary_file& file) const {
    mapping_.check(allocate_zeros(file.descriptor(), header.ring_offset + header.ring_size));
    ring_memory memory;
    mapping_.check(memory.map(file.descriptor(), header.ring_offset, header.ring_size));
    return finished(header, ring_backing::mapped, std::move(memory), file.take_descriptor());
  }

  std::unique_ptr<journal_ring> written(journal_header const& header, temporary_file& file) const {
    auto const size = static_cast<::off_t>(header.ring_offset + header.ring_size);
    creating_.check(::ftruncate(file.descriptor(), 0) == 0 &&
                    ::ftruncate(file.descriptor(), size) == 0);
    std::string const bytes = journal_header_bytes(header);
    if (int const error = write_at(file.descriptor(), bytes.data(), bytes.size(), 0)) {
      creating_.fail(error);
    }
    return ring_of(header, ring_backing::written, file.take_descriptor());
  }

  /// A ring whose memory is no file's.
  std::unique_ptr<journal_ring> ring_of(journal_header const& header, ring_backing backing,
                                        unique_descriptor file) const {
    unique_descriptor const anonymous(::memfd_create("trainlog", MFD_CLOEXEC));
    auto const size = static_cast<::off_t>(header.ring_offset + header.ring_size);
    mapping_.check(anonymous && ::ftruncate(anonymous.get(), size) == 0);
    ring_memory memory;
    mapping_.check(memory.map(anonymous.get(), header.ring_offset, header.ring_size));
    return finished(header, backing, std::move(memory), std::move(file));
  }

  static std::unique_ptr<journal_ring> finished(journal_header const& header, ring_backing backing,
                                                ring_memory memory, unique_descriptor file) {
    std::string const bytes = journal_header_bytes(header);
    bytes.copy(memory.head(), bytes.size());
    return std::make_unique<journal_ring>(header, backing, std::move(memory), std::move(file));
  }

  std::string path_;
  int log_;
  file_operation creating_{path_, "create"};
  file_operation mapping_{path_, "map"};
};

}  // namespace trainlog::detail

#endif
