#include "cluster/token_feed.h"

#include <algorithm>
#include <utility>

namespace vx11::cluster {
namespace {
using std::chrono::milliseconds;
constexpr milliseconds reopenBase{250}, reopenCap{5000};
// Under a load that overflows every batch of the watch, walks take at most a third of the time.
constexpr qint64 walkPauseMs = 2000, walkPauseFactor = 2;

constexpr qint64 tellingTakesMs = 1000;  // from a revocation to the watch's word of it: two flushes, and the way

template <typename... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};
template <typename... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>;

}  // namespace

TokenFeed::TokenFeed(int slot, InstanceClient& client, TokenBook& book, std::function<qint64()> now, Random& random,
                     QObject* parent)
    : QObject(parent),
      slot_(slot),
      client_(client),
      book_(book),
      now_(std::move(now)),
      backoff_(reopenBase, reopenCap, random) {
  for (QTimer* timer : {&reopen_, &rewalk_}) timer->setSingleShot(true);
  connect(&reopen_, &QTimer::timeout, this, &TokenFeed::openWatch);
  connect(&rewalk_, &QTimer::timeout, this, &TokenFeed::startWalk);
  book_.walkBegan(slot_);
}

TokenFeed::~TokenFeed() { page_.cancel(); }

void TokenFeed::setReachable(bool reachable) {
  if (std::exchange(reachable_, reachable) == reachable) return;
  backoff_.reset();
  reopen_.stop();
  if (reachable && !watch_) openWatch();
}

void TokenFeed::giveUp() {
  setReachable(false);
  book_.walkEnded(slot_);
}

void TokenFeed::openWatch() {
  watch_ = std::make_unique<WatchStream>(client_.openWatch());
  watching_ = false;
  connect(watch_.get(), &WatchStream::received, this, &TokenFeed::onEvent);
  connect(watch_.get(), &WatchStream::ended, this, &TokenFeed::onEnded);
}

void TokenFeed::onEnded(const Failure& failure) {
  // We are called by the stream itself.
  watch_.release()->deleteLater();
  page_.cancel();
  rewalk_.stop();
  walking_ = walkAgain_ = false;
  if (std::exchange(watching_, false)) Q_EMIT cut(failure);
  if (reachable_) reopen_.start(backoff_.next());
}

void TokenFeed::onEvent(const wire::WatchEvent& event) {
  std::visit(Overloaded{
                 [&](const wire::WatchOpened& news) {
                   watching_ = true;
                   mode_ = news.mode;
                   backoff_.reset();
                   startWalk();
                   Q_EMIT opened();
                 },
                 [&](const wire::WatchIssued& news) {
                   book_.issued(slot_, news.tokens);
                   if (news.more > 0) askForWalk();
                 },
                 [&](const wire::WatchUsed& news) {
                   // In mode redis an accepted token leaves no copy behind.
                   if (mode_ != QStringLiteral("redis")) book_.cached(slot_, news.accepted);
                   book_.usedUp(news.usedUp);
                 },
                 [&](const wire::WatchRevoked& news) {
                   book_.revoked(slot_, news.ids);
                   // What was issued about when all was revoked, and what a page under way lists, is in doubt.
                   if (news.all) book_.revokedAll(slot_, tellingTakesMs);
                   if (news.more > 0 || news.all) askForWalk();
                 },
                 [&](const wire::WatchExpired& news) {
                   book_.expired(news.ids);  // what was left out expires by our clock
                 },
                 [&](const wire::WatchFailover&) { Q_EMIT failoverTold(); },
                 [&](const wire::WatchMode& news) {
                   // Another mode lists other tokens: of all the cluster, or its own.
                   if (std::exchange(mode_, news.mode) != news.mode) askForWalk();
                   Q_EMIT modeTold(news.mode, news.state);
                 },
                 [&](const auto&) { book_.heard(); },
             },
             event);
}

void TokenFeed::askForWalk() {
  if (walking_) {
    walkAgain_ = true;
    return;
  }
  const qint64 pause = std::max(walkPauseMs, walkPauseFactor * walkTook_);
  const qint64 wait = std::max<qint64>(0, walkEndedAt_ + pause - now_());
  if (!rewalk_.isActive()) rewalk_.start(milliseconds(wait));
}

void TokenFeed::startWalk() {
  if (!watching_) return;
  page_.cancel();
  rewalk_.stop();
  walking_ = true;
  walkAgain_ = false;
  walkBeganAt_ = now_();
  book_.walkBegan(slot_);
  nextPage({});
}

void TokenFeed::nextPage(const QString& cursor) {
  page_ = client_.listPage(cursor, [this](const Answer<wire::ListPage>& page) {
    const bool last = page.has_error() || page->cursor.isEmpty();
    if (last) {
      walking_ = false;
      walkEndedAt_ = now_();
      walkTook_ = walkEndedAt_ - walkBeganAt_;
    }
    if (page.has_error()) {
      askForWalk();
      return;
    }
    book_.listed(slot_, page->tokens);
    if (!last) {
      nextPage(page->cursor);
      return;
    }
    book_.walkEnded(slot_);
    if (walkAgain_) askForWalk();
  });
}

}  // namespace vx11::cluster
