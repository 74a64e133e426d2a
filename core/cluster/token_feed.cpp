#include "cluster/token_feed.h"

#include <algorithm>
#include <utility>

namespace vx11::cluster {
namespace {
using std::chrono::milliseconds;
constexpr milliseconds reopenBase{250}, reopenCap{5000};
// Under a load that overflows every batch of the watch, walks take at most a third of the time.
constexpr qint64 walkPauseMs = 2000, walkPauseFactor = 2;
// Looking around costs Redis two commands a token: 200 a second at most for all feeds together while the window is in
// view, and as many again per instance while strangers' tokens are being used there.
constexpr qint64 lookPerTokenMs = 10, strangerPauseMs = 3000, strangerPerTokenMs = 10;
// What one instance accepts is often told before another tells that it issued it: after this long nobody did.
constexpr qint64 strangerMs = 1000;
constexpr std::size_t mostStrangers = 100;

qint64 lookEveryMs(Attention attention) {
  switch (attention) {
    case Attention::InView:
      return 10'000;
    case Attention::Behind:
      return 30'000;
    case Attention::Minimised:
      return 60'000;
  }
  return 10'000;
}

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
  for (QTimer* timer : {&reopen_, &rewalk_, &look_}) timer->setSingleShot(true);
  connect(&reopen_, &QTimer::timeout, this, &TokenFeed::openWatch);
  connect(&rewalk_, &QTimer::timeout, this, [this] { startWalk(true); });
  connect(&look_, &QTimer::timeout, this, &TokenFeed::look);
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
  look_.stop();
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
                   startWalk(true);
                   Q_EMIT opened();
                 },
                 [&](const wire::WatchIssued& news) {
                   book_.issued(slot_, news.tokens);
                   if (news.more > 0) askForWalk();
                 },
                 [&](const wire::WatchUsed& news) {
                   noteStrangers(news.accepted);
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

void TokenFeed::startWalk(bool afterGap) {
  if (!watching_) return;
  page_.cancel();
  rewalk_.stop();
  look_.stop();
  walking_ = true;
  walkAgain_ = false;
  strangers_.clear();
  afterGap_ = afterGap;
  walkBeganAt_ = now_();
  listed_ = 0;
  book_.walkBegan(slot_, afterGap);
  nextPage({});
}

void TokenFeed::nextPage(const QString& cursor) {
  page_ = client_.listPage(cursor, [this](const Answer<wire::ListPage>& page) {
    if (page.has_error()) return onWalkEnd(false);
    listed_ += static_cast<qint64>(page->tokens.size());
    book_.listed(slot_, page->tokens);
    if (page->cursor.isEmpty()) onWalkEnd(true);
    else nextPage(page->cursor);
  });
}

void TokenFeed::onWalkEnd(bool whole) {
  walking_ = false;
  walkEndedAt_ = now_();
  walkTook_ = walkEndedAt_ - walkBeganAt_;
  if (whole) book_.walkEnded(slot_);
  if (walkAgain_ || (!whole && afterGap_)) askForWalk();
  else planLook();
}

void TokenFeed::lookAround(Attention attention, int feeds) {
  if (attention == attention_ && feeds == feeds_) return;
  attention_ = attention;
  feeds_ = feeds;
  planLook();
}

void TokenFeed::noteStrangers(const std::vector<TokenId>& accepted) {
  if (strangers_.empty()) strangersSince_ = now_();
  for (const TokenId& id : accepted) {
    if (strangers_.size() < mostStrangers && !book_.knows(id)) strangers_.push_back(id);
  }
  if (!strangers_.empty()) planLook();
}

qint64 TokenFeed::nextTurn() const {
  const qint64 every = std::max(lookEveryMs(attention_), listed_ * lookPerTokenMs);
  // The first time one after the other, so that all feeds together look around that often.
  return walkEndedAt_ + (turnTaken_ ? every * feeds_ : every * (slot_ % feeds_ + 1));
}

void TokenFeed::planLook() {
  const bool shares = mode_ == QStringLiteral("hybrid") || mode_ == QStringLiteral("redis");
  if (!watching_ || walking_ || rewalk_.isActive() || !shares) return look_.stop();
  qint64 at = nextTurn();
  if (!strangers_.empty()) {
    const qint64 pause = std::max({strangerPauseMs, listed_ * strangerPerTokenMs, 10 * walkTook_});
    at = std::min(at, std::max(walkEndedAt_ + pause, strangersSince_ + strangerMs));
  }
  look_.start(milliseconds(std::max<qint64>(0, at - now_())));
}

void TokenFeed::look() {
  if (rewalk_.isActive()) return;
  std::erase_if(strangers_, [&](const TokenId& id) { return book_.knows(id); });
  const bool turn = now_() >= nextTurn();
  if (!turn && strangers_.empty()) return planLook();
  turnTaken_ = turnTaken_ || turn;
  startWalk(false);
}

}  // namespace vx11::cluster
