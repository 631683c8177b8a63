// SPDX-License-Identifier: MIT
#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include <trainlog/summary/embedding.hpp>

#include "catch.hpp"
#include "detail/inflate.hpp"
#include "log/temporary_directory.hpp"

using namespace trainlog;
using writer_test::temporary_directory;
using texts = std::vector<std::string>;

namespace {

std::string read(temporary_directory const& directory, std::string const& file) {
  return detail::read_file(directory.path() + "/" + file);
}

std::vector<float> const numbers{1.0F, 0.1F, -2.5F, 1e-8F, 3.0F, 4.0F};

std::string message_of(summary::embedding_view const& value,
                       summary::embedding_options const& options = {}) {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  try {
    summary::embedding(writer, "x", value, 1, options);
  } catch (summary::summary_error const& problem) {
    return problem.what();
  }
  return "nothing thrown";
}

}  // namespace

TEST_CASE("an embedding is a table of vectors, and an entry in the list") {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  REQUIRE(summary::embedding(writer, "x", summary::embedding_view(numbers, {3, 2}), 7));
  CHECK(read(directory, "projector/x%3A00007/tensors.tsv") == "1.0\t0.1\n-2.5\t1e-08\n3.0\t4.0\n");
  CHECK(read(directory, "projector_config.pbtxt") ==
        "embeddings {\n  tensor_name: \"x:00007\"\n  tensor_shape: 3\n  tensor_shape: 2\n"
        "  tensor_path: \"projector/x%3A00007/tensors.tsv\"\n}\n");
}

TEST_CASE("a program that changes its directory has its embeddings in the run") {
  temporary_directory const directory;
  auto const here = std::filesystem::current_path();
  std::filesystem::current_path(directory.path());
  auto const writer = summary::create_file_writer("run");
  std::filesystem::current_path(here);
  CHECK(summary::embedding(writer, "x", summary::embedding_view(numbers, {3, 2}), 1));
  CHECK(std::filesystem::exists(directory.path() + "/run/projector_config.pbtxt"));
  CHECK(std::filesystem::exists(writer.status().path));
}

TEST_CASE("labels have no head, rows of them have one") {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  texts const labels{"a", "", "c\td\xff"};
  summary::embedding_view const view(numbers, {3, 2});
  REQUIRE(summary::embedding(writer, "x", view, 1, {.labels = labels}));
  CHECK(read(directory, "projector/x%3A00001/metadata.tsv") == "a\n-\nc d\xEF\xBF\xBD\n");

  std::vector<texts> const rows{{"a", "1"}, {"b", "2"}, {"c", ""}};
  texts const columns{"label", "number"};
  REQUIRE(summary::embedding(writer, "y", view, 1, {.rows = rows, .columns = columns}));
  CHECK(read(directory, "projector/y%3A00001/metadata.tsv") == "label\tnumber\na\t1\nb\t2\nc\t-\n");
}

TEST_CASE("images of an embedding are on one sheet") {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  std::vector<std::uint8_t> const pixels{1, 2, 3, 4, 5, 6};
  REQUIRE(summary::embedding(writer, "x", summary::embedding_view(numbers, {3, 2}), 1,
                             {.images = summary::image_view(pixels, {3, 1, 2, 1})}));
  auto const sheet = inflate_test::decode_png(read(directory, "projector/x%3A00001/sprite.png"));
  CHECK(sheet.width == 4);
  CHECK(sheet.height == 2);
  CHECK(sheet.pixels == std::vector<std::uint8_t>{1, 2, 3, 4, 5, 6, 0, 0});
  CHECK(read(directory, "projector_config.pbtxt").find("single_image_dim: 2\n") !=
        std::string::npos);
}

TEST_CASE("the list keeps what others wrote, and has an embedding once") {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  std::string const other = "embeddings {\n  tensor_name: \"other\"\n}";
  detail::replace_file(directory.path() + "/projector_config.pbtxt", other);
  summary::embedding_view const view(numbers, {3, 2});
  for (int i = 0; i < 2; ++i) {
    for (auto const* const name : {"a", "b"}) REQUIRE(summary::embedding(writer, name, view, 1));
  }
  auto const list = read(directory, "projector_config.pbtxt");
  CHECK(list.starts_with(other + "\nembeddings {\n  tensor_name: \"a:00001\"\n"));
  std::size_t entries = 0;
  for (auto at = list.find("embeddings {"); at != list.npos; at = list.find("embeddings {", at + 1))
    ++entries;
  CHECK(entries == 3);
}

TEST_CASE("no entry is lost when threads write embeddings into one directory") {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      for (int step = 0; step < 10; ++step) {
        summary::embedding(writer, std::to_string(thread), summary::embedding_view(numbers, {3, 2}),
                           step);
      }
    });
  }
  for (auto& each : threads) each.join();
  auto const list = read(directory, "projector_config.pbtxt");
  for (int thread = 0; thread < 4; ++thread) {
    for (int step = 0; step < 10; ++step) {
      auto const name = std::to_string(thread) + ":0000" + std::to_string(step);
      CHECK(list.find("tensor_name: \"" + name + "\"") != list.npos);
    }
  }
}

TEST_CASE("names of embeddings cannot leave the directory, and are quoted") {
  CHECK(detail::path_of_name("../a/../b c") == "%2E./a/%2E./b%20c");
  CHECK(detail::path_of_name("/etc") == "%2Fetc");
  CHECK(detail::path_of_name("a//b.c") == "a/%2Fb.c");
  CHECK(detail::path_of_name("") == "%");
  CHECK(detail::proto_text("a\"b\\c\n") == "\"a\\\"b\\\\c\\012\"");
}

TEST_CASE("an embedding that is none is refused, with what was expected and found") {
  summary::embedding_view const good(numbers, {3, 2});
  CHECK(message_of({numbers, {6}}) ==
        "trainlog: the embedding 'x' has the shape [6], expected [vectors, dimensions]");
  CHECK(message_of({numbers, {0, 2}}) ==
        "trainlog: the embedding 'x' has the shape [0, 2], expected [vectors, dimensions]");
  CHECK(message_of({numbers, {2, 2}}) ==
        "trainlog: the embedding 'x' has 6 elements, but the shape [2, 2]");
  texts const two{"a", "b"};
  CHECK(message_of(good, {.labels = two}) ==
        "trainlog: the embedding 'x' has 2 labels, expected 3");
  std::vector<texts> const rows{two, two, {"a"}};
  CHECK(message_of(good, {.rows = rows, .columns = two}) ==
        "trainlog: the embedding 'x' has 1 labels in a row, expected 2");
  std::vector<std::uint8_t> const pixels(2);
  // Two images of half a GiB each, and a byte a row; nobody looks at the pixels.
  constexpr std::size_t size = std::size_t{1} << 30U;
  void* const memory =
      ::mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  REQUIRE(memory != MAP_FAILED);
  std::span const vast(static_cast<std::uint8_t const*>(memory), size);
  summary::embedding_view const pair(numbers, {2, 3});
  CHECK(message_of(pair, {.images = summary::image_view(vast, {2, 1, size / 2, 1})}) ==
        "trainlog: the embedding 'x' has images for a sheet of 1073741824 x 1 pixels: an image has "
        "at most 1 GiB");
  ::munmap(memory, size);
  CHECK(message_of(good, {.images = summary::image_view(pixels, {2, 1, 1, 1})}) ==
        "trainlog: the embedding 'x' has 2 images, expected 3");
  CHECK_FALSE(summary::embedding("x", summary::embedding_view(numbers, {2, 2})));
}

TEST_CASE("a disk that refuses makes it false") {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  detail::replace_file(directory.path() + "/projector", "a file");
  CHECK_FALSE(summary::embedding(writer, "x", summary::embedding_view(numbers, {3, 2}), 1));
}
