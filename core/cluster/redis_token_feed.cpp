#include "cluster/redis_token_feed.h"

#include <algorithm>
#include <utility>

namespace vx11::cluster {
namespace {

constexpr int beginAfterMs = 2000, releaseAfterMs = 10'000;
constexpr int leastPauseMs =
    5;  // between two steps, and at least as long as the last took: half of the time is others'

int againAfterMs(Attention attention) {
  switch (attention) {
    case Attention::InView:
      return 3000;
    case Attention::Behind:
      return 10'000;
    case Attention::Minimised:
      return 30'000;
  }
  return 3000;
}

}  // namespace

RedisTokenFeed::RedisTokenFeed(DirectRedis& redis, TokenBook& book, std::function<qint64()> now,
                               std::function<QString()> prefix)
    : redis_(redis), book_(book), now_(std::move(now)), prefix_(std::move(prefix)) {
  for (QTimer* timer : {&start_, &step_, &release_}) timer->setSingleShot(true);
  connect(&start_, &QTimer::timeout, this, &RedisTokenFeed::begin);
  connect(&step_, &QTimer::timeout, this, [this] {
    askedAt_ = now_();
    redis_.askForTokens(walkedPrefix_, cursor_);
  });
  // By then the instances have listed what there is; what only Redis was seen to hold is no more.
  connect(&release_, &QTimer::timeout, this, [this] {
    book_.walkBegan(slot);
    book_.walkEnded(slot);
  });
  connect(&redis_, &DirectRedis::listed, this, &RedisTokenFeed::onPage);
  connect(&redis_, &DirectRedis::notListed, this, [this] {
    if (walking_) onEnd();
  });
}

void RedisTokenFeed::setNeeded(bool needed) {
  if (std::exchange(needed_, needed) == needed) return;
  if (needed) {
    release_.stop();
    if (!walking_) start_.start(beginAfterMs);
    return;
  }
  start_.stop();
  release_.start(releaseAfterMs);
}

void RedisTokenFeed::begin() {
  walking_ = true;
  cursor_ = QByteArrayLiteral("0");
  walkedPrefix_ = prefix_();
  book_.walkBegan(slot);
  step_.start(0);
}

void RedisTokenFeed::onPage(const DirectRedis::Page& page) {
  if (!walking_) return;
  if (!needed_) return onEnd();
  book_.listed(slot, page.tokens);
  cursor_ = page.cursor;
  if (cursor_ != "0") {
    step_.start(static_cast<int>(std::max<qint64>(leastPauseMs, now_() - askedAt_)));
    return;
  }
  book_.walkEnded(slot);
  onEnd();
  Q_EMIT walked();
}

void RedisTokenFeed::onEnd() {
  walking_ = false;
  step_.stop();
  if (needed_) start_.start(againAfterMs(attention_));
}

}  // namespace vx11::cluster
