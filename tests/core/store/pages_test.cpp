// Memory that returns to the system: blocks keep what is in them, and what a burst took is gone after it.
#include <QTest>
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <vector>

#include <unistd.h>

#include "store/pages.h"
#include "table_fixture.h"

using namespace vx11;
using namespace vx11::store;
using namespace std::chrono_literals;

namespace {

struct Block {
  std::array<std::uint64_t, 32> words{};
};
static_assert(sizeof(Block) == BlockPool::block_size);

[[maybe_unused]] std::size_t resident_bytes() {
  std::FILE* const file = std::fopen("/proc/self/statm", "re");
  unsigned long total = 0, resident = 0;
  const bool read = file != nullptr && std::fscanf(file, "%lu %lu", &total, &resident) == 2;
  if (file != nullptr) std::fclose(file);
  return read ? resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)) : 0;
}

}  // namespace

class PagesTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void pages_are_aligned_and_zero() {
    for (const std::size_t alignment : {std::size_t{1}, std::size_t{4096}, BlockPool::region_size}) {
      auto* const memory = static_cast<unsigned char*>(map_pages(BlockPool::region_size, alignment));
      QCOMPARE(reinterpret_cast<std::uintptr_t>(memory) % alignment, std::uintptr_t{0});
      QVERIFY(std::all_of(memory, memory + BlockPool::region_size, [](unsigned char byte) { return byte == 0; }));
      std::memset(memory, 1, BlockPool::region_size);
      unmap_pages(memory, BlockPool::region_size);
    }
  }

  void blocks_keep_what_is_in_them_and_regions_go() {
    BlockPool pool;
    std::vector<BlockPool::Pointer<Block>> blocks;
    std::uint64_t state = 1;
    const auto dice = [&state] { return (state = state * 6364136223846793005U + 1442695040888963407U) >> 33; };
    for (std::uint64_t i = 0; i < 20'000; ++i) {
      auto block = pool.make<Block>();
      QVERIFY(std::all_of(block->words.begin(), block->words.end(), [](std::uint64_t word) { return word == 0; }));
      block->words.fill(i);
      blocks.push_back(std::move(block));
      if (dice() % 3 == 0) {
        const std::size_t at = dice() % blocks.size();
        std::swap(blocks[at], blocks.back());
        blocks.pop_back();
      }
    }
    for (const auto& block : blocks) {
      QVERIFY(std::all_of(block->words.begin(), block->words.end(),
                          [&](std::uint64_t word) { return word == block->words.front(); }));
    }
    const std::size_t needed = blocks.size() / (BlockPool::region_size / BlockPool::block_size - 1) + 1;
    QVERIFY2(pool.regions() <= 2 * needed, qPrintable(QString::number(pool.regions())));
    blocks.clear();
    QCOMPARE(pool.regions(), std::size_t{1});  // kept, in case that it goes on
    pool.trim();
    QCOMPARE(pool.regions(), std::size_t{0});
    (void)pool.make<Block>();
    QCOMPARE(pool.regions(), std::size_t{1});
  }

  void a_burst_leaves_no_memory_behind() {
#ifdef VX11_SANITIZED
    QSKIP("sanitizers keep memory of their own");
#else
    TableFixture f;
    const auto burst = [&f] {
      for (int i = 0; i < 100'000; ++i) f.issue(1s);
      const std::size_t full = resident_bytes();
      f.clock.advance(2s);
      for (int i = 0; i < 400; ++i) f.table.tick(nullptr);
      return full;
    };
    (void)burst();  // what a first use takes for good
    const std::size_t before = resident_bytes();
    const std::size_t full = burst();
    const std::size_t after = resident_bytes();
    QCOMPARE(f.table.stats().active, std::uint64_t{0});
    QVERIFY2(full > before + 8'000'000, qPrintable(QString::number(full - before)));
    QVERIFY2(after < before + 1'000'000, qPrintable(QString("%1, then %2").arg(before).arg(after)));
#endif
  }
};

QTEST_GUILESS_MAIN(PagesTest)
#include "pages_test.moc"
